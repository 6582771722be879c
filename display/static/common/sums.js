// Calculations behind the dashboard's figures: pure functions, tested without a page.

const BACK_MS = 15 * 60_000;

/** Track the trend of one figure. */
export function trend() {
  let samples = [];
  return {
    /** Add a value at a moment (ms); return the change since a quarter-hour before, null until one has passed. */
    change(value, now) {
      samples.push({now, value});
      const old = samples.findLastIndex((sample) => sample.now <= now - BACK_MS);
      samples = samples.slice(Math.max(0, old));
      return old < 0 ? null : value - samples[0].value;
    },
  };
}

const NEAR = 0.8;

/** The tier past its limit, else one near it, else that of the longest wait (`own`); with a verdict for the text. */
export function worstOff(tiers) {
  const longestFirst = [...tiers].sort((one, other) => (other.longest_minutes ?? 0) - (one.longest_minutes ?? 0));
  const past = (share) => longestFirst.find(({longest_minutes: longest, guard_minutes: guard}) => guard && longest > share * guard);
  const over = past(1);
  const near = past(NEAR);
  const tier = over ?? near ?? longestFirst[0];
  const verdict = over ? ["late", "over_guard"] : near ? ["soon", "near_guard"] : ["good", "fine"];
  return {tier, own: tier === longestFirst[0], verdict};
}

/**
 * The plan's steps that change the number of counters, each compared with the step before and the first with the counters open
 * now. With `present` the current step is included.
 */
export function nextSteps(steps, open, now, present) {
  let before = open;
  return steps
    .filter(({from, until}) => (present ? Date.parse(until) : Date.parse(from)) > now)
    .map((one) => {
      const change = one.counters - before;
      before = one.counters;
      return {...one, change, due: Date.parse(one.from) <= now};
    })
    .filter(({change}) => change !== 0);
}

/** Rostered counters {n, at, next}: `n` until the moment `at` (ms), `next` from then on; `at` is null if no change follows that day. */
export function nextByRoster(seats, now, end) {
  const spells = Object.values(seats).flat().map((spell) => spell.map(Date.parse));
  const open = (moment) => spells.filter(([from, until]) => from <= moment && moment < until).length;
  const n = open(now);
  const moments = spells.flat().filter((moment) => moment > now && moment < end);
  const change = moments.sort((one, other) => one - other).find((moment) => open(moment) !== n);
  return {n, at: change ?? null, next: change === undefined ? n : open(change)};
}

/** The share of open time spent serving, over all counters; null before any was open. */
export function meanShare(counters) {
  const known = counters.filter(({share, minutes}) => share !== undefined && minutes);
  const open = known.reduce((sum, {minutes}) => sum + minutes, 0);
  return open ? known.reduce((sum, {share, minutes}) => sum + share * minutes, 0) / open : null;
}
