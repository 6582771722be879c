// The charts: redrawn when their data change, and once a minute to move the line at the current time.

import {arrivals} from "display/charts/arrivals.js";
import {counters} from "display/charts/counters.js";
import {tierGoals} from "display/charts/goals.js";
import {occupancy} from "display/charts/occupancy.js";
import {tierWaits} from "display/charts/tiers.js";
import {CONFIG} from "display/charts/look.js";
import {plotly} from "display/charts/plotly.js";
import {clock} from "house/clock.js";
import {at, put, show} from "house/draw.js";
import {t} from "house/texts.js";

const drawn = new Map();
addEventListener("resize", () => drawn.clear());

/** Draw the charts of a dashboard snapshot and an outlook; either may have no data yet. */
export async function drawCharts(picture, outlook) {
  const quarters = outlook?.quarters ?? [];
  const known = quarters.length > 0;
  const making = outlook !== null && !outlook.made_at;
  show(at(document, "no-outlook"), outlook !== null && !known && !making);
  show(at(document, "making-outlook"), making);
  for (const name of ["arrivals", "counters"]) show(at(document, name), known || outlook === null);
  show(document.querySelector("#day .second"), known || outlook === null);
  put(document, "arrivals-note", outlook && known ? note(outlook) : "");
  const Plotly = await plotly();
  const minute = clock.hhmm(clock.now());
  const open = picture.figures.counters_open;
  if (known) {
    paint(Plotly, "arrivals", [quarters, minute], (width) => arrivals(quarters, width));
    paint(Plotly, "counters", [quarters, minute, open], (width) => counters(quarters, open, width));
  }
  paint(Plotly, "tiers", [picture.tiers], () => tierWaits(picture.tiers));
  paint(Plotly, "goals", [picture.tiers], () => tierGoals(picture.tiers));
  const worked = picture.counters.map(({key, name, occupancy: share, open_minutes: minutes}) => ({key, name, share, minutes}));
  const any = worked.some(({share}) => share !== undefined);
  show(at(document, "occupancy"), any);
  show(at(document, "no-occupancy"), !any);
  if (any) paint(Plotly, "occupancy", [worked], (width) => occupancy(worked, width));
}

function note({history_days: days}) {
  return days > 0 ? t("dashboard.history", {n: days}) : t("dashboard.no_history");
}

function paint(Plotly, name, shown, chart) {
  const place = at(document, name);
  const now = JSON.stringify([...shown, place.clientWidth]);
  if (drawn.get(name) === now || !place.clientWidth) return;
  drawn.set(name, now);
  const {data, layout} = chart(place.clientWidth);
  Plotly.react(place, data, {...layout, height: place.clientHeight}, CONFIG);
}
