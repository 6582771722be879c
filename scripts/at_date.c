/* Moves the wall clock of the processes that preload this library by AHEAD seconds; scripts/at_date compiles and preloads it.
 *
 * The clocks that only measure how long something took (CLOCK_MONOTONIC) stay as they are. A deadline that a process gives as a
 * moment of the moved clock is given to the kernel as the true one; such a moment is told from one of the monotonic clock by its
 * size: no machine has been up for fifteen years. Nothing here calls dlsym(), so an allocator may ask the time before main().
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define FIFTEEN_YEARS 500000000

static int is_moved(clockid_t clock)
{
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
}

static int is_moment(const struct timespec *at)
{
    return at->tv_sec > FIFTEEN_YEARS;
}

static struct timespec as_true(const struct timespec *at)
{
    struct timespec moment = *at;
    moment.tv_sec -= AHEAD;
    return moment;
}

/* ---- what time it is ---- */

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int failed = syscall(SYS_clock_gettime, clock, now);
    if (!failed && is_moved(clock)) now->tv_sec += AHEAD;
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec exact;
    (void) zone;
    clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *now)
{
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    if (now) *now = exact.tv_sec;
    return exact.tv_sec;
}

int timespec_get(struct timespec *now, int base)
{
    if (base != TIME_UTC) return 0;
    clock_gettime(CLOCK_REALTIME, now);
    return base;
}

/* ---- waiting until a moment ---- */

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *until, struct timespec *left)
{
    struct timespec moment = *until;
    if (flags & TIMER_ABSTIME && is_moved(clock)) moment = as_true(until);
    return syscall(SYS_clock_nanosleep, clock, flags, &moment, left) ? errno : 0;
}

int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict lock, const struct timespec *restrict until)
{
    if (!is_moment(until)) return pthread_cond_clockwait(condition, lock, CLOCK_MONOTONIC, until);
    struct timespec moment = as_true(until);
    return pthread_cond_clockwait(condition, lock, CLOCK_REALTIME, &moment);
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict lock, const struct timespec *restrict until)
{
    struct timespec moment = as_true(until);
    return pthread_mutex_clocklock(lock, CLOCK_REALTIME, &moment);
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict until)
{
    struct timespec moment = as_true(until);
    return sem_clockwait(semaphore, CLOCK_REALTIME, &moment);
}
