// The line above the floor map with today's rostered number of counters and its next change.

import {nextByRoster} from "display/common/sums.js";
import {QUARTER_MS} from "display/common/quarters.js";
import {clock} from "house/clock.js";
import {at, put} from "house/draw.js";
import {t} from "house/texts.js";

/** Draw the line, and the what-if grid's hint that it follows the roster; neither without a roster. */
export function drawByRoster(outlook) {
  const seats = outlook?.roster?.seats;
  at(document, "whatif-hint").textContent = t(seats ? "dashboard.whatif_hint_roster" : "dashboard.whatif_hint");
  const last = outlook?.quarters?.at(-1);
  const now = clock.now().getTime();
  const end = last ? Date.parse(last.start) + QUARTER_MS : 0;
  if (!seats || end <= now) return void put(document, "by-roster", "");
  const {n, at: moment, next} = nextByRoster(seats, now, end);
  if (!moment && !n) return void put(document, "by-roster", "");
  put(document, "by-roster", moment ? t("dashboard.roster_until", {n, time: clock.hhmm(new Date(moment)), next}) : t("dashboard.roster_rest", {n}));
}
