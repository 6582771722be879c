// Chart of the day's arrivals by quarter-hour: actual arrivals, the forecast and its prediction interval.

import {label, layout, local, nowLine, sheer, timeAxis, token} from "display/charts/look.js";
import {QUARTER_MS} from "display/common/quarters.js";
import {clock} from "house/clock.js";
import {t} from "house/texts.js";

const CLEAR_PX = 110;

/** {data, layout} of the chart for an outlook's quarters. */
export function arrivals(quarters, width) {
  const from = Date.parse(quarters[0].start);
  const until = Date.parse(quarters.at(-1).start) + QUARTER_MS;
  const middles = quarters.map((quarter) => local(Date.parse(quarter.start) + QUARTER_MS / 2));
  const values = (name) => quarters.map((quarter) => quarter[name]);
  const line = {type: "scatter", mode: "lines", x: middles};
  const now = nowLine(from, until);
  return {
    data: [
      {...line, y: values("low"), line: {width: 0}, hoverinfo: "skip"},
      {
        ...line, y: values("high"), line: {width: 0}, fill: "tonexty", fillcolor: sheer("accent", 0.14),
        customdata: quarters.map((quarter) => `${Math.round(quarter.low)}–${Math.round(quarter.high)}`),
        hovertemplate: `${t("dashboard.band")} %{customdata}<extra></extra>`,
      },
      {
        type: "bar", x: middles, y: values("arrived"), width: QUARTER_MS * 0.72,
        marker: {color: quarters.map((quarter) => sheer("ink", over(quarter) ? 0.62 : 0.3)), cornerradius: 2},
        hovertemplate: `${t("dashboard.arrived")} %{y}<extra></extra>`,
      },
      {
        ...line, y: values("expected"), line: {color: token("accent"), width: 2.5},
        hovertemplate: `${t("dashboard.expected_line")} %{y:.1f}<extra></extra>`,
      },
    ],
    layout: layout({
      xaxis: timeAxis(from, until, width),
      yaxis: {range: [0, 1.2 * Math.max(4, ...values("high"), ...values("arrived"))]},
      shapes: now.shapes,
      annotations: [...now.annotations, ...labels(quarters, middles, width / quarters.length)],
    }),
  };
}

const over = (quarter) => Date.parse(quarter.start) + QUARTER_MS <= clock.now();

// the current quarter is still filling: its bar is paler
function labels(quarters, middles, quarterWidth) {
  const last = quarters.at(-1);
  const found = [label(t("dashboard.expected_line"), {x: middles.at(-1), y: last.expected, xshift: 10, font: {color: token("accent-text")}})];
  const most = quarters.reduce((best, quarter, place) => ((quarter.arrived ?? 0) > (quarters[best].arrived ?? 0) ? place : best), 0);
  if (quarters[most].arrived) {
    found.push(label(t("dashboard.arrived"), {x: middles[most], y: quarters[most].arrived, xanchor: "center", yanchor: "bottom", font: {color: token("ink")}}));
  }
  // keep the label far enough from the label "now"
  const coming = quarters.map((_, place) => place).filter((place) => !over(quarters[place])).slice(Math.ceil(CLEAR_PX / quarterWidth));
  const widest = coming.reduce((best, place) => (best === null || quarters[place].high > quarters[best].high ? place : best), null);
  if (widest !== null) {
    found.push(label(t("dashboard.band"), {x: middles[widest], y: quarters[widest].high, xanchor: "center", yanchor: "bottom", font: {color: token("accent-text")}}));
  }
  return found;
}
