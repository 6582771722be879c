// The task list: problems now, problems expected, and what to do about them.

import {nextSteps} from "display/common/sums.js";
import {clock} from "house/clock.js";
import {at, list, put, stamp} from "house/draw.js";
import {decimal, t, tr} from "house/texts.js";

const LONGEST = 8;
const NEXT_STEPS = 2;
const ADVISED = 4;
const URGENT = {late: 0, soon: 1, do: 2, due: 2, asked: 3, plan: 4};
const TONES = {do: "accent", due: "accent", asked: "", plan: ""};

/** Draw the list: alerts, advice with its buttons, and the next steps of the day's plan. */
export function drawTasks(picture, outlook, advice) {
  const wrong = alerts(picture);
  const now = advised(advice);
  // advice keeps its places however many alerts there are
  const tasks = [...wrong.slice(0, LONGEST - Math.min(now.length, ADVISED)), ...now, ...planned(outlook, picture.figures.counters_open, now.length === 0)].sort((one, other) => URGENT[one.kind] - URGENT[other.kind]);
  const place = at(document, "tasks");
  const shown = tasks.slice(0, LONGEST);
  list(place, shown.length ? shown : [null], (task) => task?.key ?? "none", (task) => stamp(task ? "task" : "no-tasks"), fill);
}

function alerts({alerts: all}) {
  // one line per customer, and per kind of expected problem; the others are listed beneath it in small type
  const first = (alert) => all.find((other) => together(other, alert)) ?? alert;
  return all.filter((alert) => first(alert) === alert).map((alert) => ({
    // changing minutes must not change the key; two silent screens differ only in their text
    key: [alert.kind, alert.counter ?? "", alert.number ?? "", alert.service ?? "", alert.kind === "screen" ? Object.values(alert.text)[0] : ""].join(" "),
    kind: alert.level,
    text: tr(alert.text),
    reason: all.filter((other) => other !== alert && first(other) === alert).map((other) => tr(other.text)).join("\n"),
    link: alert.counter && {to: `#counter-${alert.counter}`, words: t("dashboard.show_counter")},
  }));
}

function together(one, other) {
  return (one.number && one.number === other.number) || (one.level === "soon" && other.level === "soon" && one.kind === other.kind);
}

function advised(advice) {
  return advice.open().slice(0, ADVISED).map((one) => ({
    key: `advice ${one.id} ${one.state}`,
    kind: one.state === "proposed" ? "do" : "asked",
    text: tr(one.text),
    reason: `${tr(one.reason)}${effect(one)}`,
    accept: one.state === "proposed" ? () => advice.accept(one) : null,
    decline: one.state === "proposed" ? () => advice.decline(one) : null,
    link: one.state === "proposed" ? null : {to: `#counter-${one.counter}`, words: t("dashboard.show_counter")},
  }));
}

function effect({change: {wait}, staff_minutes: cost}) {
  const sign = (n, digits) => `${n > 0 ? "+" : n < 0 ? "−" : "±"}${decimal(Math.abs(n), digits)}`;
  return t(`dashboard.advice_effect${cost === 0 ? "_free" : ""}`, {low: sign(wait.low, 1), high: sign(wait.high, 1), cost: sign(cost, 0)});
}

// steps of the plan; the current step only without advice, which was simulated from the hall's present state
function planned(outlook, open, present) {
  return nextSteps(outlook?.recommendations ?? [], open, clock.now(), present).slice(0, NEXT_STEPS).map((one) => ({
    key: `plan ${one.from}`,
    kind: one.due ? "due" : "plan",
    text: t(`dashboard.plan_${one.change > 0 ? "open" : "close"}`, {
      from: clock.hhmm(one.from), until: clock.hhmm(one.until), n: Math.abs(one.change), counters: one.counters,
    }),
    reason: tr(one.reason),
    link: {to: "#plan", words: t("dashboard.show_plan")},
  }));
}

function fill(node, task) {
  if (!task) {
    put(node, "title", t("dashboard.all_well"));
    put(node, "help", t("dashboard.all_well_help"));
    return;
  }
  const tone = TONES[task.kind] ?? task.kind;
  put(node, "kind", t(`dashboard.kind_${task.kind}`)).className = `chip ${tone}`;
  put(node, "text", task.text);
  put(node, "reason", task.reason);
  const link = put(node, "link", task.link?.words);
  if (task.link) link.href = task.link.to;
  for (const verb of ["accept", "decline"]) {
    const button = at(node, verb);
    button.hidden = !task[verb];
    button.onclick = task[verb] ?? null;
  }
}
