// The theme of all charts: design tokens, a shared time axis, and the line that marks the current time.

import {clock} from "house/clock.js";
import {t} from "house/texts.js";

export const MARGIN = {l: 40, r: 72, t: 36, b: 28};
export const CONFIG = {displayModeBar: false, responsive: true, scrollZoom: false, doubleClick: false, showTips: false};

/** The value of a design token of house.css: a colour or a font. */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** A token's colour with the given opacity (0 to 1). */
export function sheer(name, share) {
  const [red, green, blue] = token(name).match(/[0-9a-f]{2}/gi).map((pair) => parseInt(pair, 16));
  return `rgba(${red}, ${green}, ${blue}, ${share})`;
}

/** A moment as local time in the hall's zone, the format that Plotly expects. */
export function local(moment) {
  const written = new Intl.DateTimeFormat("sv-SE", {
    timeZone: clock.zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
  });
  return written.format(new Date(moment));
}

/** The base layout of every chart, extended by `more`. */
export function layout(more) {
  const quiet = token("quiet");
  return {
    font: {family: token("font"), size: 13, color: token("ink")},
    margin: MARGIN,
    paper_bgcolor: "transparent",
    plot_bgcolor: "transparent",
    showlegend: false,
    dragmode: false,
    hovermode: "x unified",
    hoverlabel: {bgcolor: token("card"), bordercolor: token("line"), font: {family: token("font"), size: 13, color: token("ink")}},
    bargap: 0,
    ...more,
    yaxis: {rangemode: "tozero", gridcolor: token("line"), zeroline: false, fixedrange: true, nticks: 5, tickformat: "d", tickfont: {color: quiet}, ...more.yaxis},
  };
}

/** The time axis of all charts: the whole day of the outlook. */
export function timeAxis(from, until, width) {
  const hours = (until - from) / 3_600_000;
  const step = [1, 2, 3, 4, 6].find((every) => (width - MARGIN.l - MARGIN.r) / (hours / every) >= 52) ?? 6;
  return {
    type: "date",
    range: [local(from), local(until)],
    dtick: step * 3_600_000,
    tick0: `${local(from).slice(0, 10)} 00:00:00`,
    tickformat: "%H:%M",
    hoverformat: "%H:%M",
    showgrid: false,
    fixedrange: true,
    ticks: "outside",
    ticklen: 4,
    tickcolor: token("line-strong"),
    tickfont: {color: token("quiet")},
    linecolor: token("line-strong"),
    showline: true,
  };
}

/** A line at the current time, labelled below the axis; nothing if it is outside the day drawn. */
export function nowLine(from, until) {
  const now = clock.now().getTime();
  if (now < from || now > until) return {shapes: [], annotations: []};
  const x = local(now);
  return {
    shapes: [{type: "line", xref: "x", yref: "paper", x0: x, x1: x, y0: 0, y1: 1, line: {color: token("ink"), width: 1.5, dash: "dot"}}],
    annotations: [label(t("dashboard.now", {time: clock.hhmm(now)}), {x, y: 1, yref: "paper", yanchor: "bottom", xanchor: "center", font: {color: token("ink"), size: 12}})],
  };
}

/** A text annotation within the chart, in place of a legend. */
export function label(text, where) {
  return {text, showarrow: false, xref: "x", yref: "y", xanchor: "left", yanchor: "middle", ...where};
}
