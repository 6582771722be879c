// A wait in words: always the prediction interval, never a single figure.
import {clock} from "house/clock.js";
import {t} from "house/texts.js";

/** @typedef {{low: number, likely: number, high: number, from: string, until: string}} Wait */

/** "10–15 min", "under 5 min", "" @param {Wait | null | undefined} wait */
export function minutes(wait) {
  if (!wait) return "";
  if (wait.high <= 1) return t("common.wait_none");
  if (wait.low <= 0) return t("common.wait_under", {high: wait.high});
  if (wait.low === wait.high) return t("common.wait_about", {high: wait.high});
  return t("common.wait_range", {low: wait.low, high: wait.high});
}

/** "around 10:40–10:45" @param {Wait | null | undefined} wait */
export function clockTimes(wait) {
  if (!wait) return "";
  const from = clock.hhmm(wait.from);
  const until = clock.hhmm(wait.until);
  return from === until ? t("common.around_one", {from}) : t("common.around", {from, until});
}
