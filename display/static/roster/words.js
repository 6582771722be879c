// Sentences about a roster: its quality, its uncovered demand, and the people it could not assign.

import {decimal, listed, t, tr} from "house/texts.js";

const NAMED = 3;
const SMALL = 5e-5;

/** One sentence that sums up the week. */
export function lead(roster) {
  const figures = {shifts: roster.shifts.length, rostered: hours(roster.rostered_hours), required: hours(roster.required_hours)};
  if (!roster.shifts.length) return t("roster.lead_nothing");
  return t(roster.short.length ? "roster.lead_short" : "roster.lead_whole", figures);
}

/** How the roster was computed and how good it is: [text, tone]. */
export function how({how: found, gap}, exactIsThere) {
  if (found === "nobody named") return [t("roster.how_nobody"), ""];
  if (found === "greedy") return [t(exactIsThere ? "roster.how_greedy_once" : "roster.how_greedy"), "soon"];
  if (gap === null) return [t("roster.how_unproven"), "soon"];
  return gap < SMALL ? [t("roster.how_proven"), "good"] : [t("roster.how_gap", {n: decimal(gap * 100, gap < 0.01 ? 2 : 1)}), ""];
}

/** Whether it is proven optimal: every day's set of shifts is, and all shifts are assigned. */
export function isProven({gap, unfilled, covers_proven: covers}) {
  return covers && unfilled === 0 && gap !== null && gap < SMALL;
}

/** People without a certificate, and shifts that could not be assigned. */
export function peopleNotes(roster) {
  const without = roster.people.filter((person) => person.note === "no_certificates");
  return [
    ...(roster.unfilled ? [t("roster.unfilled", {n: roster.unfilled})] : []),
    ...without.map((person) => t("roster.no_certificates", {name: person.name})),
  ];
}

/** "10:30–11:15: one short, nobody for loans". */
export function gapLine({from, until, counters, services, missing = []}, names) {
  const facts = {from, until, n: counters === 1 ? t("roster.one") : counters};
  if (missing.length) return t("roster.gap_missing", {...facts, services: named(missing, names)});
  return t("roster.gap", {...facts, services: named(services, names)});
}

/** A day's largest gaps in order of time, and the number of the others. */
export function telling(gaps, most) {
  const found = together(gaps);
  const heavy = [...found].sort((one, other) => weight(other) - weight(one)).slice(0, most);
  const shown = heavy.sort((one, other) => minutes(one.from) - minutes(other.from) || minutes(one.until) - minutes(other.until));
  return {shown, more: found.length - shown.length};
}

// merge gaps at different kinds of counters that share time and services
function together(gaps) {
  const found = new Map();
  for (const gap of gaps) {
    const {from, until, services, missing = []} = gap;
    const key = JSON.stringify([from, until, missing.length ? missing : services]);
    found.set(key, {...gap, counters: gap.counters + (found.get(key)?.counters ?? 0)});
  }
  return [...found.values()];
}

/** The names of the first few services. */
export function named(services, names) {
  const known = listed(services.slice(0, NAMED).map((key) => tr(names[key]) || key));
  return services.length > NAMED ? t("roster.and_more", {known, n: services.length - NAMED}) : known;
}

const weight = ({from, until, counters, missing = []}) => (minutes(until) - minutes(from)) * counters + (missing.length ? 1000 : 0);
const minutes = (clock) => clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
const hours = (n) => (Number.isInteger(n) ? String(n) : decimal(n));
