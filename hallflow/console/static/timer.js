/** Running times, updated between two snapshots: the ring round the customer's time, the minutes waited, the clock. */
import {at} from "house/draw.js";
import {ring} from "house/ring.js";
import {clock} from "house/clock.js";
import {decimal, t} from "house/texts.js";
import {write} from "console/page.js";

/** Update every running time on the page. */
export function tick() {
  const time = at(document, "time");
  if (clock.zone) time.textContent = clock.hhmm(clock.now());
  for (const line of document.querySelectorAll("[data-minutes-since]")) {
    const text = t("common.minutes", {n: clock.minutesSince(line.dataset.minutesSince)});
    if (line.textContent !== text) line.textContent = text;
  }
  for (const timer of document.querySelectorAll("[data-timer]")) turn(timer);
}

function turn(timer) {
  const {since, standard, timer: kind} = timer.dataset;
  const seconds = clock.secondsSince(since);
  // a service without a standard time cannot exceed it
  const share = standard ? seconds / (Number(standard) * 60) : 0;
  const over = standard ? Math.floor(seconds / 60 - Number(standard)) : 0;
  ring(timer, share);
  timer.classList.toggle("soon", share >= 1 && share < 1.5);
  timer.classList.toggle("late", share >= 1.5);
  write(timer, {
    elapsed: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`,
    standard: standard && over < 1 ? t(`console.of_${kind}`, {n: decimal(Number(standard), 1, 0)}) : "",
    over: over >= 1 ? t("console.over", {n: over}) : "",
  });
}

