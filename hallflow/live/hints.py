"""Change notifications between processes over Redis: "this hall has changed"; the log's seq remains the source of truth.

A hint says which hall to look at, never what happened, so a lost one costs a moment and nothing else: every process also looks
at the database once a second. Publishing has a thread of its own, because a Redis that is gone must not hold up a customer.
"""

import secrets
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import structlog

log = structlog.get_logger()
CHANNEL = "hallflow:changed"
PATIENCE = 2.0
RETRY = 0.5


class NoHints(Exception):
    """Redis cannot be used; the sentence says why."""


def check_redis(url: str) -> str | None:
    """Raise on an address that can never work; gives a sentence about one that only does not answer now."""
    client, faults = _client(url)
    address = urlsplit(url)
    shown = f"{address.scheme}://{address.hostname or ''}:{address.port or 6379}{address.path}"
    try:
        client.ping()
    except faults as fault:
        from redis.exceptions import AuthenticationError, InvalidResponse, ResponseError

        if isinstance(fault, (AuthenticationError, InvalidResponse, ResponseError)) or "Invalid Database" in str(fault):
            raise NoHints(f"HALLFLOW_REDIS_URL: {shown} does not take us as it should: {fault}") from fault
        return f"HALLFLOW_REDIS_URL: {shown} cannot be reached: {fault}"
    finally:
        client.close()
    return None


def _client(url: str) -> tuple[Any, tuple[type[Exception], ...]]:
    """A Redis client with short time-outs and no retries, and the exceptions it raises."""
    # imported here: one process alone needs no Redis
    try:
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry
    except ImportError as missing:
        raise NoHints(
            "HALLFLOW_REDIS_URL is set, but the package redis is not installed: pip install hallflow[redis]"
        ) from missing
    # no retries of its own: they would keep a process from ending
    client = redis.Redis.from_url(
        url,
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        decode_responses=True,
        retry=Retry(NoBackoff(), 0),
    )
    return client, (redis.RedisError, OSError)


class Hints:
    """Publishes that a hall has changed, and subscribes to what other processes publish."""

    def __init__(self, url: str, heard: Callable[[], None]) -> None:
        self._redis, self._faults = _client(url)
        self._heard = heard
        self._me = secrets.token_hex(4)
        self._due: set[str] = set()
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=run, name=f"hints-{run.__name__}", daemon=True)
            for run in (self._send, self._listen)
        ]

    def start(self) -> None:
        """Start to publish and subscribe; an unreachable Redis is logged at once, and tried again and again."""
        try:
            self._redis.ping()
        except self._faults as fault:
            log.error("redis_unreachable", fault=str(fault), meaning="screens of other processes hear a second late")
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Stop both threads."""
        self._stopped.set()
        self._wake.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(timeout=PATIENCE + 1)
        self._redis.close()

    def tell(self, hall: str) -> None:
        """Queue a hint that this hall has changed; several changes before the next publication are one hint."""
        self._due.add(hall)
        self._wake.set()

    def _send(self) -> None:
        while not self._stopped.is_set():
            self._wake.wait()
            self._wake.clear()
            while self._due and not self._stopped.is_set():
                hall = self._due.pop()
                try:
                    self._redis.publish(CHANNEL, f"{self._me}:{hall}")
                except self._faults:
                    # dropped: the other processes poll the database anyway
                    self._stopped.wait(RETRY)

    def _listen(self) -> None:
        gone = False
        while not self._stopped.is_set():
            try:
                with self._redis.pubsub(ignore_subscribe_messages=True) as channel:
                    channel.subscribe(CHANNEL)
                    if gone:
                        log.info("hints_back")
                        gone = False
                    while not self._stopped.is_set():
                        message = channel.get_message(timeout=1.0)
                        sender, _, hall = str(message["data"]).partition(":") if message else ("", "", "")
                        if hall and sender != self._me:
                            self._heard()
            except self._faults as fault:
                if not gone:
                    log.warning("hints_gone", fault=type(fault).__name__)
                gone = True
                self._stopped.wait(RETRY)
