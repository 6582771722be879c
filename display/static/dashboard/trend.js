// How a figure has moved since a quarter of an hour ago, as far back as this page has looked.

const BACK_MS = 15 * 60_000;

/** A memory of one figure. */
export function trend() {
  let samples = [];
  return {
    /** Take in a value at a moment (ms); the change since a quarter-hour before, null until one has passed. */
    change(value, now) {
      samples.push({now, value});
      const old = samples.findLastIndex((sample) => sample.now <= now - BACK_MS);
      samples = samples.slice(Math.max(0, old));
      return old < 0 ? null : value - samples[0].value;
    },
  };
}
