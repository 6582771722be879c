// The what-if model: hypothetical states of counters by quarter-hour, and the changes they amount to.

import {QUARTER_MS} from "display/common/quarters.js";

const LONGEST = 32;

/** Starts (ms) of the quarter-hours that can be edited: from the current one, without a gap, at most eight hours. */
export function columns(quarters, now) {
  const starts = quarters.map((quarter) => Date.parse(quarter.start)).filter((start) => start + QUARTER_MS > now);
  const gap = starts.findIndex((start, place) => place > 0 && start !== starts[place - 1] + QUARTER_MS);
  return starts.slice(0, Math.min(gap < 0 ? starts.length : gap, LONGEST));
}

/**
 * The baseline: whether a counter is open in a quarter-hour without edits, by the day's roster (`planned`); on a past
 * day, whether it was open for most of it (`spells`). For the current quarter-hour its present state counts.
 */
export function stands(counter, start) {
  const spells = counter.spells ?? (counter.planned && start > counter.now ? counter.planned : null);
  if (spells) return 2 * spells.reduce((sum, spell) => sum + shared(spell, start), 0) >= QUARTER_MS;
  if (counter.state === "open") return true;
  return counter.state === "paused" && Boolean(counter.back_at) && Date.parse(counter.back_at) < start + QUARTER_MS;
}

function shared([from, until], start) {
  return Math.max(0, Math.min(Date.parse(until), start + QUARTER_MS) - Math.max(Date.parse(from), start));
}

/** The key of one cell in the edits. */
export const cell = (counter, start) => `${counter} ${start}`;

/** Whether a counter is open after the edits, which are {[cell]: boolean}; a cell without one keeps the baseline. */
export function supposed(counter, start, edits) {
  return edits[cell(counter.key, start)] ?? stands(counter, start);
}

/** The edits as the API takes them: each change is a run of quarters that differ from the baseline. */
export function changes(counters, starts, edits) {
  return counters.flatMap((counter) => {
    const found = [];
    starts.forEach((start, place) => {
      const open = supposed(counter, start, edits);
      if (open === stands(counter, start)) return;
      const last = found.at(-1);
      if (last && last.until === start && last.open === open) last.until += QUARTER_MS;
      else found.push({counter: counter.key, open, at: start, until: start + QUARTER_MS, first: place === 0});
    });
    return found.map(({counter: key, open, at, until, first}) => ({
      counter: key,
      open,
      // the current quarter-hour changes from now on; a change that reaches the last one lasts until the end
      ...(first ? {} : {at: new Date(at).toISOString()}),
      ...(until > starts.at(-1) ? {} : {until: new Date(until).toISOString()}),
    }));
  });
}
