/** The list of suspended customers: parked by the clerk, or missed because they did not come when called. */
import {stamp} from "house/draw.js";
import {t, tr} from "house/texts.js";
import {clock} from "house/clock.js";
import {parkReason} from "console/questions.js";
import {joined, lines, parts, write} from "console/page.js";

export function drawHeld(place, {parked, missed, can}, bring) {
  parts(place, {some_parked: parked.length, some_missed: missed.length, none: !parked.length && !missed.length});
  write(place, {parked_count: parked.length, missed_count: missed.length});
  const row = (one) => drawOne(one, can.includes("resume"), bring);
  lines(place, "parked", parked, row);
  lines(place, "missed", missed, row);
}

function drawOne(one, canResume, bring) {
  const line = write(stamp("held-one"), {
    number: one.number,
    detail: joined(t("console.since", {at: clock.hhmm(one.since)}), tr(one.service_name), parkReason(one.reason)),
  });
  const button = line.querySelector("button");
  button.disabled = !canResume;
  button.setAttribute("aria-label", t("console.resume_this", {number: one.number}));
  button.onclick = () => bring(one.number);
  return line;
}
