/** The queue preview: who this counter would call next, in that order, and why the first one is first. */
import {stamp} from "house/draw.js";
import {t, tr} from "house/texts.js";
import {lines, parts, write} from "console/page.js";

export function drawQueue(place, {next, waiting, waiting_hall: hall}, callOne) {
  write(place, {
    count: waiting,
    more: waiting > next.length && next.length ? t("console.more_waiting", {n: waiting - next.length}) : "",
    nobody_hall: hall > waiting ? t("console.elsewhere_waiting", {n: hall - waiting}) : "",
  });
  parts(place, {nobody: !next.length});
  lines(place, "next", next, (one, index) => drawOne(one, index === 0, callOne));
}

function drawOne(one, first, callOne) {
  const line = write(stamp("next-one"), {
    number: one.number,
    service: tr(one.service_name),
    tier: tr(one.tier_name),
    reason: first ? tr(one.reason) : "",
  });
  line.classList.toggle("is-first", first);
  line.title = tr(one.reason);
  line.style.setProperty("--tier", one.tier_color);
  parts(line, {prefilled: one.prefilled});
  line.querySelector("[data-minutes-since]").dataset.minutesSince = one.joined_at;
  const button = line.querySelector("button");
  button.setAttribute("aria-label", t("console.call_this", {number: one.number}));
  button.onclick = () => callOne(one.number);
  return line;
}
