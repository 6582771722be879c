// One list: what is wrong now, what will go wrong, and what to do about it.

import {clock} from "house/clock.js";
import {at, list, put, stamp} from "house/draw.js";
import {t, tr} from "house/texts.js";

const LONGEST = 8;
const NEXT_STEPS = 3;
const URGENT = {late: 0, soon: 1, do: 2};

/** Draw the alerts of the floor and the advice of the outlook, the most urgent first. */
export function drawTasks(picture, outlook) {
  const tasks = [...alerts(picture), ...advice(outlook)].sort((one, other) => URGENT[one.kind] - URGENT[other.kind]);
  const place = at(document, "tasks");
  const shown = tasks.slice(0, LONGEST);
  list(place, shown.length ? shown : [null], (task) => task?.key ?? "none", (task) => stamp(task ? "task" : "no-tasks"), fill);
}

function alerts({alerts: all}) {
  return all.map((alert) => ({
    key: `${alert.kind} ${alert.counter ?? ""} ${alert.number ?? ""} ${alert.text.zh}`,
    kind: alert.level,
    text: tr(alert.text),
    link: alert.counter && {to: `#counter-${alert.counter}`, words: t("dashboard.show_counter")},
  }));
}

// the whole day's steps stand in the plan; here is what to do next
function advice(outlook) {
  const coming = (outlook?.recommendations ?? []).filter((one) => Date.parse(one.until) > clock.now());
  const changes = coming.filter((one) => one.kind !== "hold");
  return (changes.length ? changes : coming).slice(0, NEXT_STEPS).map((one) => ({
    key: `${one.kind} ${one.from} ${one.text.zh}`,
    kind: "do",
    text: tr(one.text),
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
  const tone = task.kind === "do" ? "accent" : task.kind;
  put(node, "kind", t(`dashboard.kind_${task.kind}`)).className = `chip ${tone}`;
  put(node, "text", task.text);
  put(node, "reason", task.reason);
  const link = put(node, "link", task.link?.words);
  if (task.link) link.href = task.link.to;
}
