// Chart of each tier's service level today: the share called in time, compared with the goal.

import {label, layout, token} from "display/charts/look.js";
import {t, tr} from "house/texts.js";

const BAR = 0.16;

/** {data, layout} of the chart for the tiers of a dashboard snapshot. */
export function tierGoals(tiers) {
  const rows = [...tiers].reverse();
  const bar = {type: "bar", orientation: "h", y: rows.map((_, place) => place), width: BAR * 2, hoverinfo: "skip"};
  return {
    data: [
      {...bar, x: rows.map(() => 100), marker: {color: token("sunk"), cornerradius: 3}},
      {...bar, x: rows.map((tier) => (tier.attained ?? 0) * 100), marker: {color: rows.map((tier) => token(tone(tier))), cornerradius: 3}},
    ],
    layout: layout({
      barmode: "overlay",
      hovermode: false,
      margin: {l: 2, r: 2, t: 0, b: 0},
      xaxis: {visible: false, range: [0, 100.5], fixedrange: true},
      yaxis: {visible: false, range: [-0.55, rows.length - 0.4]},
      shapes: rows.flatMap(mark),
      annotations: rows.flatMap(words),
    }),
  };
}

const below = ({attained, goal_share: goal}) => (attained ?? 1) < goal;
const tone = (tier) => (below(tier) ? "late" : "accent");

function mark({goal_share: goal}, place) {
  const line = {type: "line", x0: goal * 100, x1: goal * 100, y0: place - BAR - 0.05, y1: place + BAR + 0.05};
  return [{...line, line: {color: token("card"), width: 6}}, {...line, line: {color: token("ink"), width: 2}}];
}

function words(tier, place) {
  const above = {y: place + BAR + 0.06, yanchor: "bottom", xref: "paper"};
  const {attained, called, goal_share: goal, goal_minutes: minutes} = tier;
  const some = (attained ?? null) !== null;
  const share = some ? t("dashboard.goal_share", {n: Math.round(attained * 100), called}) : t("dashboard.goal_none");
  return [
    label(`<b>${tr(tier.name)}</b>  ${share}`, {...above, x: 0, font: {color: token(below(tier) ? "late" : "ink")}}),
    label(some ? t(below(tier) ? "dashboard.below" : "dashboard.kept") : "", {...above, x: 1, xanchor: "right", font: {size: 12, color: token(below(tier) ? "late" : "quiet")}}),
    label(t("dashboard.goal_in", {n: Math.round(goal * 100), minutes}), {x: goal * 100, y: place - BAR - 0.03, yanchor: "top", xanchor: "right", xshift: 4, font: {size: 11, color: token("ink")}}),
  ];
}
