// Step chart of the day's counters: required, actually open and advised; busy and quiet periods shaded.

import {label, layout, local, nowLine, sheer, timeAxis, token} from "display/charts/look.js";
import {QUARTER_MS, stretches} from "display/common/quarters.js";
import {apart} from "display/charts/spread-labels.js";
import {clock} from "house/clock.js";
import {t} from "house/texts.js";

const STRIP = {from: 1.13, until: 1.25};
const PLOT_PX = 150;
const LINE_PX = 17;
const INK = {advised: "accent-text", required: "quiet", open: "ink"};
const SHADE = {busy: ["accent", 0.3], normal: ["accent", 0.1], quiet: ["quiet", 0.1]};

/** {data, layout} of the chart for an outlook's quarters and the counters open at this moment. */
export function counters(quarters, openNow, width) {
  const from = Date.parse(quarters[0].start);
  const until = Date.parse(quarters.at(-1).start) + QUARTER_MS;
  const now = nowLine(from, until);
  const strip = periods(quarters, width / ((until - from) / QUARTER_MS));
  return {
    data: [
      steps(quarters, "open", {line: {color: token("ink"), width: 2, shape: "hv"}, fill: "tozeroy", fillcolor: sheer("ink", 0.08)}, openNow),
      steps(quarters, "required", {line: {color: token("quiet"), width: 1.5, dash: "dot", shape: "hv"}}),
      steps(quarters, "advised", {line: {color: token("accent"), width: 2.5, shape: "hv"}}),
    ],
    layout: layout({
      margin: {l: 40, r: 72, t: 60, b: 28},
      xaxis: timeAxis(from, until, width),
      yaxis: {dtick: Math.max(1, Math.ceil(highest(quarters) / 5))},
      shapes: [...strip.shapes, ...now.shapes],
      annotations: [...strip.annotations, ...now.annotations, ...labels(quarters, until)],
    }),
  };
}

const known = (quarter, name) => (quarter[name] ?? null) !== null;
const highest = (quarters) => Math.max(...quarters.map((quarter) => Math.max(quarter.required, quarter.advised, quarter.open ?? 0)));

// a step lasts until the next, so the last value is repeated at its end; open counters are known only until now
function steps(quarters, name, look, openNow) {
  const drawn = quarters.filter((quarter) => known(quarter, name));
  const x = drawn.map((quarter) => local(quarter.start));
  const y = drawn.map((quarter) => quarter[name]);
  if (drawn.length) {
    const end = Date.parse(drawn.at(-1).start) + QUARTER_MS;
    const stopsNow = openNow !== undefined && drawn.at(-1) !== quarters.at(-1) && end > clock.now();
    x.push(local(stopsNow ? clock.now() : end));
    y.push(stopsNow ? openNow : y.at(-1));
  }
  return {type: "scatter", mode: "lines", x, y, hovertemplate: `${t(`dashboard.${name}_line`)} %{y}<extra></extra>`, ...look};
}

function periods(quarters, quarterWidth) {
  const shapes = [];
  const annotations = [];
  for (const {from, until, quarters: inside} of stretches(quarters, (one, other) => one.period === other.period)) {
    const period = inside[0].period;
    shapes.push({
      type: "rect", xref: "x", yref: "paper", x0: local(from), x1: local(until), y0: STRIP.from, y1: STRIP.until,
      fillcolor: sheer(...SHADE[period]), line: {color: token("card"), width: 2},
    });
    const words = t(`dashboard.period_${period}`);
    if (inside.length * quarterWidth > words.length * 14) {
      annotations.push(label(words, {x: local((from + until) / 2), y: (STRIP.from + STRIP.until) / 2, yref: "paper", xanchor: "center", font: {size: 12, color: token("ink")}}));
    }
  }
  return {shapes, annotations};
}

// labels stand at the ends of their lines; for a line that ends at the current time the label is in its shaded area
function labels(quarters, until) {
  const last = quarters.at(-1);
  const px = PLOT_PX / Math.max(1, highest(quarters));
  const names = ["advised", "required", "open"].filter((name) => known(last, name));
  const heights = names.map((name) => last[name] * px);
  const moved = apart(heights, LINE_PX);
  const found = names.map((name, place) =>
    label(t(`dashboard.${name}_line`), {x: local(until), y: last[name], xshift: 6, yshift: moved[place] - heights[place], font: {color: token(INK[name])}}),
  );
  const opened = quarters.filter((quarter) => known(quarter, "open"));
  if (!known(last, "open") && opened.length > 2) {
    const middle = opened[Math.floor(opened.length / 2)];
    found.push(label(t("dashboard.open_line"), {x: local(middle.start), y: middle.open / 2, xanchor: "center", font: {color: token("ink")}}));
  }
  return found;
}
