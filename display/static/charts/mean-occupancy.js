// What the day at all counters comes to.

/** Of all open time of all counters the share that was served; null before any was open. */
export function meanShare(counters) {
  const known = counters.filter(({share, minutes}) => share !== undefined && minutes);
  const open = known.reduce((sum, {minutes}) => sum + minutes, 0);
  return open ? known.reduce((sum, {share, minutes}) => sum + share * minutes, 0) / open : null;
}
