// Chart of occupancy: the share of its open time that each counter has served today, and the mean of all.

import {label, layout, token} from "display/charts/look.js";
import {meanShare} from "display/common/sums.js";
import {decimal, t, tr} from "house/texts.js";

const NARROW_PX = 34;
const INSIDE = 0.2;

/** {data, layout} of the chart for counters: {key, name, share (0..1, or undefined before it was open), minutes}. */
export function occupancy(counters, width) {
  const x = counters.map(({key}) => key);
  const mean = meanShare(counters);
  const roomy = width / counters.length >= NARROW_PX;
  return {
    data: [{
      type: "bar",
      x,
      y: counters.map(({share}) => (share ?? 0) * 100),
      width: 0.62,
      marker: {color: counters.map(({share}) => (share === undefined ? "transparent" : token("accent"))), cornerradius: 3},
      hovertext: counters.map(said),
      hovertemplate: "%{hovertext}<extra></extra>",
    }],
    layout: layout({
      hovermode: "closest",
      margin: {l: 40, r: 72, t: 8, b: 28},
      xaxis: {type: "category", fixedrange: true, showgrid: false, tickfont: {color: token("quiet")}, linecolor: token("line-strong"), showline: true},
      yaxis: {range: [0, 104], tickvals: [0, 50, 100], ticksuffix: "%"},
      shapes: mean === null ? [] : [{type: "line", xref: "paper", x0: 0, x1: 1, y0: mean * 100, y1: mean * 100, line: {color: token("ink"), width: 1.5, dash: "dot"}}],
      annotations: [
        ...(roomy ? counters.map(figure) : []),
        ...(mean === null ? [] : [label(t("dashboard.occupancy_mean", {n: Math.round(mean * 100)}), {xref: "paper", x: 1, xshift: 6, y: mean * 100, font: {size: 12, color: token("ink")}})]),
      ],
    }),
  };
}

// put the figure at the foot of its bar, where the line of the mean does not cross it
function figure({share}, place) {
  const known = share !== undefined;
  const inside = known && share >= INSIDE;
  return label(known ? `${Math.round(share * 100)}` : "–", {
    x: place, y: known && !inside ? share * 100 : 0, yshift: 10, xanchor: "center", font: {size: 12, color: token(inside ? "card" : "quiet")},
  });
}

function said({name, share, minutes}) {
  if (share === undefined) return `${tr(name)}: ${t("dashboard.occupancy_none")}`;
  return `${tr(name)}: ${t("dashboard.occupancy_of", {n: Math.round(share * 100), hours: decimal(minutes / 60)})}`;
}
