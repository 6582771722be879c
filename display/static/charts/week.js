// Heat map of weekday by half-hour: load as a share of what all counters together can serve.

import {layout, sheer, token} from "display/charts/look.js";
import {t} from "house/texts.js";

const LEAST_PX = 40;
const MARGIN = {l: 84, r: 8, t: 4, b: 32};

/** {data, layout} of a week; each half-hour is labelled with its share where there is room. */
export function weekMap({days, zone, busy_above: busy, quiet_below: quiet}, width) {
  const times = columns(days, zone);
  const cells = days.map(({halves}) => {
    const found = new Map(halves.map((half) => [half.time, half]));
    return times.map((time) => found.get(time) ?? null);
  });
  const most = Math.max(1.2, ...cells.flat().map((half) => half?.load ?? 0));
  const roomy = (width - MARGIN.l - MARGIN.r) / times.length >= LEAST_PX;
  const of = (draw) => cells.map((row) => row.map((half) => (half ? draw(half) : null)));
  const [low, high] = [quiet / most, busy / most];
  return {
    data: [
      {
        type: "heatmap",
        x: times,
        y: days.map((day) => `${t(`week.weekday_${day.weekday}`)} ${day.day.slice(5)}`),
        z: of(({load}) => load),
        zmin: 0,
        zmax: most,
        // busy, normal and quiet have a colour each; the load sets its shade
        colorscale: [
          [0, sheer("accent", 0.05)],
          [low, sheer("accent", 0.16)],
          [low, sheer("accent", 0.34)],
          [high, sheer("accent", 0.58)],
          [high, sheer("soon", 0.62)],
          [1, token("soon")],
        ],
        showscale: false,
        xgap: 2,
        ygap: 3,
        hoverongaps: false,
        text: of(({load}) => (roomy ? `${Math.round(load * 100)}` : "")),
        texttemplate: "%{text}",
        textfont: {size: 12, color: token("ink")},
        customdata: of((half) => [t(`week.${half.period}`), t("week.hover", {customers: Math.round(half.expected), load: Math.round(half.load * 100), n: half.counters})]),
        hovertemplate: "<b>%{y} %{x}</b>  %{customdata[0]}<br>%{customdata[1]}<extra></extra>",
      },
    ],
    layout: layout({
      hovermode: "closest",
      margin: MARGIN,
      xaxis: {type: "category", fixedrange: true, showgrid: false, tickangle: 0, tickmode: "array", tickvals: ticks(times, width), tickfont: {color: token("quiet")}, ticks: ""},
      yaxis: {type: "category", autorange: "reversed", rangemode: "normal", fixedrange: true, showgrid: false, tickfont: {color: token("ink"), size: 13}, nticks: days.length, tickformat: "", ticks: ""},
    }),
  };
}

/** The columns: every half-hour in which the hall is open on any of the days, in order; a day may end after midnight. */
function columns(days, zone) {
  const date = new Intl.DateTimeFormat("sv-SE", {timeZone: zone});
  const seen = new Map();
  for (const {day, halves} of days) {
    for (const {time, start} of halves) seen.set(time, `${date.format(new Date(start)) === day ? 0 : 1}${time}`);
  }
  return [...seen].sort(([, one], [, other]) => (one < other ? -1 : 1)).map(([time]) => time);
}

/** Axis labels: full hours, as many as fit. */
function ticks(times, width) {
  const hours = times.filter((time) => time.endsWith(":00"));
  const every = Math.ceil((hours.length * 48) / Math.max(width - MARGIN.l - MARGIN.r, 48));
  return hours.filter((_, place) => place % every === 0);
}
