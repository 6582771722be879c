// Charts of forecast accuracy: each estimator's mean error, and coverage of the ranges by hour of the day.

import {label, layout, token} from "display/charts/look.js";
import {decimal, t} from "house/texts.js";

const OTHERS = ["typical", "les", "queue"];

/** {data, layout}: mean error of the range's middle and of each benchmark estimator, smallest first. */
export function besides({mae, beside}) {
  const known = OTHERS.filter((name) => beside[name]).map((name) => ({name, off: beside[name].mae, ours: beside[name].ours}));
  const rows = [{name: "ours_short", off: mae}, ...known].reverse();
  const most = Math.max(...rows.map(({off}) => off), 1);
  const places = rows.map((_, place) => place);
  return {
    data: [
      {
        type: "bar",
        orientation: "h",
        x: rows.map(({off}) => off),
        y: places,
        width: 0.34,
        marker: {color: rows.map(({name}) => token(name === "ours_short" ? "accent" : "line-strong")), cornerradius: 3},
        hoverinfo: "skip",
      },
    ],
    layout: layout({
      hovermode: false,
      margin: {l: 2, r: 2, t: 0, b: 0},
      xaxis: {visible: false, range: [0, most * 1.2], fixedrange: true},
      yaxis: {visible: false, range: [-0.4, rows.length - 0.3]},
      annotations: rows.flatMap(({name, off, ours}, y) => [
        label(t(`record.bar_${name}`), {x: 0, y: y + 0.2, xref: "paper", yanchor: "bottom"}),
        label(` <b>${decimal(off)}</b> ${t("record.minutes")}${ours == null ? "" : `  ${t("record.ours_there", {n: decimal(ours)})}`}`, {
          x: off / (most * 1.2) > 0.55 ? 1 : off,
          y: off / (most * 1.2) > 0.55 ? y + 0.2 : y,
          ...(off / (most * 1.2) > 0.55 ? {xref: "paper", xanchor: "right", yanchor: "bottom"} : {}),
          font: {size: 12, color: token("quiet")},
        }),
      ]),
    }),
  };
}

/** {data, layout}: share of waits within their range by hour of issue, against the promised coverage. */
export function byHour(hours, promised) {
  const goal = Math.round(promised * 100);
  const ends = {xref: "paper", x: 1, xanchor: "right", yanchor: "bottom"};
  return {
    data: [
      {
        type: "bar",
        x: hours.map(({name}) => name),
        y: hours.map(({coverage}) => Math.round(coverage * 100)),
        marker: {color: hours.map(({n, coverage}) => token(n >= 30 && coverage < promised - 0.05 ? "late" : "accent")), cornerradius: 3},
        width: 0.6,
        customdata: hours.map(({n}) => n),
        hovertemplate: `%{y} %, ${t("record.hover_n")}<extra></extra>`,
      },
    ],
    layout: layout({
      margin: {l: 44, r: 8, t: 22, b: 26},
      xaxis: {type: "category", fixedrange: true, showgrid: false, tickfont: {color: token("quiet")}, linecolor: token("line-strong"), showline: true},
      yaxis: {range: [0, 104], ticksuffix: " %"},
      shapes: [{type: "line", xref: "paper", x0: 0, x1: 1, y0: goal, y1: goal, line: {color: token("ink"), width: 1.5, dash: "dot"}}],
      annotations: [label(t("record.promised", {n: goal}), {...ends, yref: "paper", y: 1, font: {size: 12, color: token("ink")}})],
    }),
  };
}
