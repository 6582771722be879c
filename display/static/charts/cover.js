// Staffing coverage of a week by half-hours: counters covered, counters uncovered, and people on shift.

import {label, layout, sheer, token} from "display/charts/look.js";
import {t} from "house/texts.js";

const MARGIN = {l: 34, r: 8, t: 26, b: 28};
const LEAST_PX = 34;

/** {data, layout} of a roster's coverage chart; each day is as wide as its number of half-hours. */
export function coverChart({roster, days}, width) {
  const shown = days.map((day, place) => ({day, place, halves: roster.cover.filter((half) => half.day === day)})).filter(({halves}) => halves.length);
  let next = 0;
  for (const one of shown) {
    one.first = next;
    next += one.halves.length + 1;
  }
  const halves = shown.flatMap(({first, place, halves: own}) => own.map((half, i) => ({...half, x: first + i, name: t(`roster.weekday_${place}`)})));
  const x = halves.map((half) => half.x);
  const bars = (y, color, more) => ({type: "bar", x, y, width: 1, marker: {color}, hoverinfo: "skip", ...more});
  return {
    data: [
      bars(halves.map(({covered}) => covered), sheer("accent", 0.46)),
      bars(halves.map(({required, covered}) => required - covered), token("late")),
      ...shown.map(({first, halves: own}) => steps(first, own)),
      {
        type: "scatter", mode: "markers", x, y: halves.map(({required}) => required), marker: {opacity: 0, size: 14},
        customdata: halves.map((half) => `<b>${half.name} ${half.from}</b><br>${t("roster.hover", {required: half.required, covered: half.covered, on: half.on_shift})}`),
        hovertemplate: "%{customdata}<extra></extra>",
      },
    ],
    layout: layout({
      barmode: "stack",
      hovermode: "closest",
      margin: MARGIN,
      xaxis: {...ticks(shown, (width - MARGIN.l - MARGIN.r) / next), range: [-1, next - 0.5], fixedrange: true, showgrid: false, zeroline: false, tickfont: {color: token("quiet"), size: 12}},
      yaxis: {dtick: Math.max(1, Math.ceil(Math.max(...halves.map(({required, on_shift: on}) => Math.max(required, on))) / 5))},
      annotations: shown.map(({first, place, day, halves: own}) =>
        label(`${t(`roster.weekday_${place}`)} ${day.slice(5)}`, {x: first + (own.length - 1) / 2, y: 1, yref: "paper", xanchor: "center", yanchor: "bottom", font: {size: 13, color: token("ink")}}),
      ),
    }),
  };
}

// a step begins half a bar before the middle of its bar
function steps(first, halves) {
  const x = halves.map((_, i) => first + i - 0.5);
  const y = halves.map((half) => half.on_shift);
  return {type: "scatter", mode: "lines", x: [...x, first + halves.length - 0.5], y: [...y, y.at(-1)], line: {color: token("ink"), width: 1.5, shape: "hv"}, hoverinfo: "skip"};
}

/** Axis labels: full hours of each day, as many as fit. */
function ticks(shown, pixels) {
  const every = [1, 2, 3, 4, 6].find((hours) => hours * 2 * pixels >= LEAST_PX) ?? 6;
  const found = shown.flatMap(({first, halves}) =>
    halves.flatMap(({from}, i) => (from.endsWith(":00") && Number(from.slice(0, 2)) % every === 0 ? [[first + i - 0.5, from.slice(0, 2)]] : [])),
  );
  return {tickmode: "array", tickvals: found.map(([place]) => place), ticktext: found.map(([, hour]) => hour), ticks: "outside", ticklen: 4, tickcolor: token("line-strong")};
}
