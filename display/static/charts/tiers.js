// Chart of the longest wait of each tier, against its goal and its maximum wait (guard).

import {label, layout, token} from "display/charts/look.js";
import {t, tr} from "house/texts.js";

const BAR = 0.16;

/** {data, layout} of the chart for the tiers of a dashboard snapshot. */
export function tierWaits(tiers) {
  const rows = [...tiers].reverse();
  const waits = rows.map((tier) => tier.longest_minutes ?? 0);
  const end = Math.max(...rows.map(limit), ...waits) * 1.08;
  const places = rows.map((_, place) => place);
  const bar = {type: "bar", orientation: "h", y: places, width: BAR * 2};
  return {
    data: [
      {...bar, x: rows.map(() => end), marker: {color: token("sunk"), cornerradius: 3}, hoverinfo: "skip"},
      {...bar, x: waits, marker: {color: rows.map((tier) => token(tone(tier))), cornerradius: 3}, hoverinfo: "skip"},
    ],
    layout: layout({
      barmode: "overlay",
      hovermode: false,
      margin: {l: 2, r: 2, t: 0, b: 0},
      xaxis: {visible: false, range: [0, end], fixedrange: true},
      yaxis: {visible: false, range: [-0.55, rows.length - 0.4]},
      shapes: rows.flatMap(marks),
      annotations: rows.flatMap(words),
    }),
  };
}

const limit = (tier) => tier.guard_minutes ?? tier.goal_minutes;

function tone({longest_minutes: longest, goal_minutes: goal, guard_minutes: guard}) {
  if (guard && longest > guard) return "late";
  return longest > goal ? "soon-mark" : "accent";
}

// each mark has a light edge, so that it stays visible on a bar that is longer
function marks(tier, place) {
  const known = [[tier.goal_minutes, "ink"], [tier.guard_minutes, "late"]].filter(([minutes]) => minutes);
  return known.flatMap(([minutes, colour]) => {
    const line = {type: "line", x0: minutes, x1: minutes, y0: place - BAR - 0.05, y1: place + BAR + 0.05};
    return [{...line, line: {color: token("card"), width: 6}}, {...line, line: {color: token(colour), width: 2}}];
  });
}

function words(tier, place) {
  const above = {y: place + BAR + 0.06, yanchor: "bottom", xref: "paper"};
  const below = {y: place - BAR - 0.03, yanchor: "top", xanchor: "center"};
  const longest = tier.longest_minutes ?? null;
  const now = longest === null ? t("dashboard.tier_nobody") : t("dashboard.tier_longest", {n: Math.round(longest)});
  const small = (key, minutes, colour) => label(t(key, {n: minutes}), {...below, x: minutes, font: {size: 11, color: token(colour)}});
  return [
    label(`<b>${tr(tier.name)}</b>  ${now}`, {...above, x: 0}),
    small("dashboard.goal_mark", tier.goal_minutes, "ink"),
    ...(tier.guard_minutes ? [small("dashboard.guard_mark", tier.guard_minutes, "late")] : []),
  ];
}
