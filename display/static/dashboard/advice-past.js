// History of today's advice: the decision, the predicted effect, the measured effect.

import {clock} from "house/clock.js";
import {at, put, show, stamp} from "house/draw.js";
import {decimal, t, tr} from "house/texts.js";

/** Draw the advice that has been decided on or has expired, newest first. */
export function drawPast(all) {
  const past = all.filter((one) => one.state !== "proposed");
  show(at(document, "advice-past"), past.length > 0);
  at(document, "advice-rows").replaceChildren(...past.map(row));
}

function row(one) {
  const node = stamp("advice-row");
  at(node, "time").textContent = clock.hhmm(one.decided_at ?? one.made_at);
  at(node, "text").textContent = tr(one.text);
  put(node, "state", t(`dashboard.advice_${one.state}`)).className = `chip ${one.state === "done" ? "good" : ""}`;
  put(node, "why", one.state === "declined" ? one.why : one.why && t(`dashboard.why_${one.why}`));
  at(node, "foreseen").textContent = t("dashboard.foreseen", {
    before: decimal(one.before.wait.likely), low: decimal(one.after.wait.low), high: decimal(one.after.wait.high),
  });
  put(node, "measured", measured(one));
  return node;
}

function measured({state, measured: came}) {
  if (!came) return ["accepted", "done"].includes(state) ? t("dashboard.measured_later") : null;
  return came.wait === null ? t("dashboard.measured_none") : t("dashboard.measured", {wait: decimal(came.wait), n: came.calls, share: Math.round(came.within_goal * 100)});
}
