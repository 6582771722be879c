// Counters of the day as steps: how many are required, were open, are advised; busy and quiet marked.

import {label, layout, local, nowLine, sheer, timeAxis, token} from "display/chartlook.js";
import {QUARTER_MS, stretches} from "display/quarters.js";
import {apart} from "display/apart.js";
import {clock} from "house/clock.js";
import {t} from "house/texts.js";

const STRIP = {from: 1.13, until: 1.25};
const PLOT_PX = 150;
const LINE_PX = 17;
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

const highest = (quarters) => Math.max(...quarters.map((quarter) => Math.max(quarter.required, quarter.advised, quarter.open ?? 0)));

// a step holds until the next one, so the last value is drawn again at its end
function steps(quarters, name, look, endsAt) {
  const known = quarters.filter((quarter) => quarter[name] !== null && quarter[name] !== undefined);
  const x = known.map((quarter) => local(quarter.start));
  const y = known.map((quarter) => quarter[name]);
  if (known.length) {
    const end = Date.parse(known.at(-1).start) + QUARTER_MS;
    x.push(local(endsAt === undefined ? end : Math.min(end, clock.now())));
    y.push(endsAt ?? y.at(-1));
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

function labels(quarters, until) {
  const last = quarters.at(-1);
  const px = PLOT_PX / Math.max(1, highest(quarters));
  const ends = [
    {name: "advised", colour: "accent-text", at: last.advised * px},
    {name: "required", colour: "quiet", at: last.required * px},
  ];
  const shifts = apart(ends.map((end) => end.at), LINE_PX);
  const found = ends.map((end, place) =>
    label(t(`dashboard.${end.name}_line`), {x: local(until), y: last[end.name], xshift: 6, yshift: shifts[place] - end.at, font: {color: token(end.colour)}}),
  );
  // the word stands in what it names: the shaded past
  const seen = quarters.filter((quarter) => quarter.open !== null && quarter.open !== undefined);
  if (seen.length > 2) {
    const middle = seen[Math.floor(seen.length / 2)];
    found.push(label(t("dashboard.open_line"), {x: local(middle.start), y: middle.open / 2, xanchor: "center", font: {color: token("ink")}}));
  }
  return found;
}
