// The staffing recommended for the rest of the day, as a table that anybody can read or hear.

import {stretches, summary, toCome} from "display/quarters.js";
import {clock} from "house/clock.js";
import {at, put, show, stamp} from "house/draw.js";
import {t, tr} from "house/texts.js";

/** Draw the plan of an outlook against the counters open now. */
export function drawPlan(outlook, {figures}) {
  const coming = toCome(outlook?.quarters ?? [], clock.now());
  show(document.getElementById("plan"), coming.length > 0);
  if (!coming.length) return;
  put(document, "plan-note", t("dashboard.plan_note", {time: clock.hhmm(outlook.made_at), n: figures.counters_open}));
  const alike = (one, other) => one.period === other.period;
  fill("plan", stretches(coming, alike), figures.counters_open);
  fill("quarters", stretches(coming, () => false), figures.counters_open);
}

function fill(name, rows, openNow) {
  let before = openNow;
  at(document, name).replaceChildren(
    ...rows.map((stretch) => {
      const line = summary(stretch);
      const node = row(line, line.most - before);
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
