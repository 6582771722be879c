// The staffing plan for the rest of the day, as a table accessible to screen readers.

import {stretches, summary, toCome} from "display/common/quarters.js";
import {clock} from "house/clock.js";
import {at, put, show, stamp} from "house/draw.js";
import {t, tr} from "house/texts.js";

/** Draw the plan of an outlook, compared with the counters open now. */
export function drawPlan(outlook, {figures}) {
  const coming = toCome(outlook?.quarters ?? [], clock.now());
  show(document.getElementById("plan"), coming.length > 0);
  if (!coming.length) return;
  const open = figures.counters_open;
  put(document, "plan-note", t("dashboard.plan_note", {time: clock.hhmm(outlook.made_at), n: open}));
  const advice = outlook.recommendations;
  const step = (quarter) => advice.findIndex((one) => within(quarter, one));
  fill("plan", stretches(coming, (one, other) => step(one) === step(other)), open, (quarter) => advice[step(quarter)]?.reason);
  fill("quarters", stretches(coming, () => false), open, (quarter) => quarter.reason);
}

function within({start}, {from, until}) {
  const moment = Date.parse(start);
  return moment >= Date.parse(from) && moment < Date.parse(until);
}

function fill(name, rows, openNow, reasonOf) {
  let before = openNow;
  at(document, name).replaceChildren(
    ...rows.map((stretch) => {
      const line = summary(stretch);
      const node = row({...line, reason: reasonOf(stretch.quarters[0]) ?? line.reason}, line.most - before);
      before = line.most;
      return node;
    }),
  );
}

function row(line, change) {
  const node = stamp("plan-row");
  at(node, "time").textContent = `${clock.hhmm(line.from)}–${clock.hhmm(line.until)}`;
  put(node, "period", t(`dashboard.period_${line.period}`)).dataset.period = line.period;
  at(node, "expected").textContent = Math.round(line.expected);
  at(node, "required").textContent = line.required;
  at(node, "advised").textContent = line.advised;
  const says = change > 0 ? "open_more" : change < 0 ? "may_close" : "as_before";
  at(node, "change").textContent = t(`dashboard.${says}`, {n: Math.abs(change)});
  at(node, "change").classList.toggle("quiet", change === 0);
  at(node, "reason").textContent = tr(line.reason);
  return node;
}
