// What today's roster has in store: how many counters will be open, and when that changes next.

/** {n, at, next}: by the seats of a day, so many counters until a moment (ms) and so many from then on; `at` is null where that stays until the end. */
export function nextByRoster(seats, now, end) {
  const spells = Object.values(seats).flat().map((spell) => spell.map(Date.parse));
  const open = (moment) => spells.filter(([from, until]) => from <= moment && moment < until).length;
  const n = open(now);
  const moments = spells.flat().filter((moment) => moment > now && moment < end);
  const change = moments.sort((one, other) => one - other).find((moment) => open(moment) !== n);
  return {n, at: change ?? null, next: change === undefined ? n : open(change)};
}
