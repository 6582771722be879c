// What is supposed of the counters: cells of a grid, counters by quarter-hours, and the changes they amount to.

import {QUARTER_MS} from "display/common/quarters.js";

const LONGEST = 32;

/** The starts (ms) of the quarter-hours that can be supposed of: from this one on, without a gap, at most eight hours. */
export function columns(quarters, now) {
  const starts = quarters.map((quarter) => Date.parse(quarter.start)).filter((start) => start + QUARTER_MS > now);
  const gap = starts.findIndex((start, place) => place > 0 && start !== starts[place - 1] + QUARTER_MS);
  return starts.slice(0, Math.min(gap < 0 ? starts.length : gap, LONGEST));
}

/**
 * Whether a counter is open in a quarter-hour if nobody does anything but what the day's roster has them do (`planned`); of a
 * day gone by (`spells`), whether it was for most of it. The running quarter-hour is as it stands.
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

/** One cell's name among the edits. */
export const cell = (counter, start) => `${counter} ${start}`;

/** Whether a counter is supposed to be open: edits are {[cell]: boolean}, and only those that differ count. */
export function supposed(counter, start, edits) {
  return edits[cell(counter.key, start)] ?? stands(counter, start);
}

/** The changes that the edits amount to, as the API takes them: each a run of quarters that differ from how it stands. */
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
      // the running quarter-hour is changed from now on; a change that reaches the last one lasts until the end
      ...(first ? {} : {at: new Date(at).toISOString()}),
      ...(until > starts.at(-1) ? {} : {until: new Date(until).toISOString()}),
    }));
  });
}
