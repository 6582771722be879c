// The roster's table, people by days: each shift with its counters and breaks; below them the unassigned shifts.

import {named} from "display/roster/words.js";
import {at, put, stamp} from "house/draw.js";
import {listed, t, tr} from "house/texts.js";

/** Draw the table of a week. */
export function drawTable(page, hall) {
  const {roster, days} = page;
  const corner = document.createElement("td");
  at(document, "days").replaceChildren(corner, ...days.map((day, place) => head(day, place, day === page.today)));
  const open = roster.shifts.filter((shift) => shift.person === null);
  const rows = roster.people.map((person) => row(page, person, roster.shifts.filter((shift) => shift.person === person.key), hall));
  if (open.length) rows.push(row(page, null, open, hall));
  at(document, "people").replaceChildren(...rows);
}

function head(day, place, isToday) {
  const node = document.createElement("th");
  node.scope = "col";
  node.textContent = `${t(`roster.weekday_${place}`)} ${day.slice(5)}`;
  node.classList.toggle("today", isToday);
  return node;
}

function row(page, person, shifts, hall) {
  const node = stamp("person");
  put(node, "name", person ? person.name : t(page.roster.people.length ? "roster.nobody_yet" : "roster.to_fill"));
  put(node, "skills", person ? skills(person, page.service_names) : "");
  put(node, "hours", person ? t("roster.hours", {n: person.hours, most: person.hours_at_most}) : "");
  const broken = person?.wishes_broken ? t("roster.wishes_broken", {n: person.wishes_broken}) : "";
  put(node, "note", person?.note === "no_certificates" ? t("roster.at_no_counter") : broken).className = person?.note ? "chip late" : "chip";
  const link = at(node, "ics");
  link.hidden = !person || shifts.length === 0;
  if (person) {
    link.href = `/api/v1/halls/${hall}/roster?${new URLSearchParams({week: page.week, person: person.key})}`;
    link.download = `${person.key}-${page.week}.ics`;
    link.setAttribute("aria-label", t("roster.ics", {name: person.name}));
    link.title = t("roster.ics", {name: person.name});
  }
  node.append(...page.days.map((day) => cell(page, shifts.filter((shift) => shift.day === day), day === page.today)));
  return node;
}

// rosters made by earlier versions have no list of certificates
function skills({services, note}, names) {
  if (note === "no_certificates" || services === undefined) return "";
  return services === null ? t("roster.all_services") : named(services, names);
}

function cell(page, shifts, isToday) {
  const node = document.createElement("td");
  node.classList.toggle("today", isToday);
  if (!shifts.length) {
    node.classList.add("off");
    node.textContent = "–";
  }
  node.append(...alike(shifts).map(({shift, n}) => block(page, shift, n)));
  return node;
}

// identical unassigned shifts are shown once, with their number
function alike(shifts) {
  const found = new Map();
  for (const shift of shifts) {
    const key = shift.person ?? `${shift.start} ${shift.end}`;
    found.set(key, {shift, n: (found.get(key)?.n ?? 0) + 1});
  }
  return [...found.values()];
}

function block(page, shift, n) {
  const node = stamp("shift");
  put(node, "time", `${shift.start}–${shift.end}${n > 1 ? ` ×${n}` : ""}`);
  put(node, "shift", tr(page.shift_names[shift.shift]) || shift.shift);
  const counters = [...new Set(shift.counters.map(([counter]) => counter))];
  put(node, "counters", listed(counters.map((key) => tr(page.counter_names[key]) || key)));
  put(node, "breaks", n > 1 || !shift.breaks.length ? "" : t("roster.breaks", {at: listed(shift.breaks.map(([from, until]) => `${from}–${until}`))}));
  at(node, "counters").title = shift.counters.map(([counter, from, until]) => `${tr(page.counter_names[counter]) || counter} ${from}–${until}`).join("\n");
  return node;
}
