// The result of a what-if: key figures before and after with ranges, by tier, and waits by quarter-hour.

import {QUARTER_MS} from "display/common/quarters.js";
import {at, put, show, stamp} from "house/draw.js";
import {decimal, t, tr} from "house/texts.js";

const WORSE = {wait: 1, within_goal: -1, left: 1};

/** Draw a response of the API in the columns of the grid; empty without one. */
export function drawTold(told, starts) {
  show(at(document, "whatif-told"), told !== null);
  show(at(document, "whatif-waits"), told !== null);
  if (!told) return;
  figure("whatif-wait", told, "wait", minutes);
  figure("whatif-within", told, "within_goal", percent);
  figure("whatif-left", told, "left", percent);
  const [before, after] = [told.before.staff_minutes, told.after.staff_minutes];
  put(document, "whatif-cost", t("dashboard.from_to", {before: hours(before), after: hours(after)}));
  put(document, "whatif-cost-change", t("dashboard.staff_change", {n: signed(after - before, (n) => Math.round(n))}));
  at(document, "whatif-tiers").replaceChildren(...Object.entries(told.goals).map(([key, goal]) => tier(told, key, goal)));
  at(document, "whatif-waits").replaceChildren(line(told, starts, "before"), line(told, starts, "after"));
}

function figure(place, told, name, say) {
  const [before, after] = [told.before.all[name], told.after.all[name]];
  put(document, place, before && t("dashboard.from_to", {before: say(before.likely), after: say(after.likely)}));
  const change = told.change.all[name];
  const chip = put(document, `${place}-change`, change && words(change, name, say));
  chip.className = `chip ${tone(change, name)}`;
}

// the whole range lies on one side of zero: better, or worse, with four in five probability
function tone(change, name) {
  if (!change) return "";
  const worse = WORSE[name];
  if (change.low * worse > 0 && change.high * worse > 0) return "late";
  return change.low * worse < 0 && change.high * worse < 0 ? "good" : "";
}

function words({low, high}, name, say) {
  if (!low && !high) return t("dashboard.no_difference");
  return t("dashboard.change_range", {low: signed(low, say), high: signed(high, say)});
}

function tier(told, key, goal) {
  const node = stamp("whatif-tier");
  const [before, after, change] = ["before", "after", "change"].map((side) => told[side].tiers[key]);
  at(node, "name").textContent = tr(goal.name);
  at(node, "goal").textContent = t("dashboard.tier_goal", {share: Math.round(goal.share * 100), minutes: goal.minutes});
  at(node, "before").textContent = before.wait ? `${minutes(before.wait.likely)} · ${percent(before.within_goal.likely)}` : "–";
  at(node, "after").textContent = after.wait ? `${minutes(after.wait.likely)} · ${percent(after.within_goal.likely)}` : "–";
  const chip = put(node, "change", change.within_goal && words(change.within_goal, "within_goal", percent));
  chip.className = `chip ${tone(change.within_goal, "within_goal")}`;
  const met = after.within_goal && after.within_goal.likely >= goal.share;
  put(node, "met", after.within_goal && t(met ? "dashboard.kept" : "dashboard.below")).className = `chip ${met ? "good" : "soon"}`;
  return node;
}

function line(told, starts, side) {
  const row = document.createElement("tr");
  const name = document.createElement("th");
  name.scope = "row";
  name.textContent = t(`dashboard.wait_${side}`);
  // the response counts quarter-hours from when it was made: show the nearest
  const first = Date.parse(told.at);
  const cells = starts.map((start) => {
    const wait = told.quarters[Math.max(0, Math.round((start - first) / QUARTER_MS))]?.wait[side];
    const node = document.createElement("td");
    node.textContent = wait == null ? "" : Math.round(wait);
    node.style.setProperty("--heat", `${Math.min(60, (wait ?? 0) * 2)}%`);
    return node;
  });
  row.append(name, ...cells);
  return row;
}

const minutes = (value) => t("dashboard.minutes", {n: Math.abs(value) < 10 ? decimal(value) : Math.round(value)});
const percent = (value) => `${Math.round(value * 100)}%`;
const hours = (value) => t("dashboard.hours", {n: decimal(value / 60)});
const signed = (value, say) => `${value > 0 ? "+" : value < 0 ? "−" : "±"}${say(Math.abs(value))}`;
