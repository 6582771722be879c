// The key figures: five numbers, each with its goal and a verdict.

import {count} from "display/dashboard/count.js";
import {advisedAt} from "display/common/quarters.js";
import {trend, worstOff} from "display/common/sums.js";
import {clock} from "house/clock.js";
import {at, list, put, stamp} from "house/draw.js";
import {decimal, t, tr} from "house/texts.js";

const OLD_MINUTES = 2;
const waitingTrend = trend();
const percent = (share) => Math.round(share * 100);

/** Draw the key figures of a snapshot; the advised counters come from the outlook that the rest of the page uses. */
export function drawFigures(picture, outlook) {
  const figures = {...picture.figures, ...advisedAt(outlook, clock.now().getTime())};
  list(at(document, "figures"), all({...picture, figures}), (figure) => figure.key, () => stamp("figure"), fill);
}

function fill(node, figure) {
  put(node, "label", t(`dashboard.${figure.key}`));
  if (figure.value === null) put(node, "value", "–");
  else count(at(node, "value"), figure.value);
  put(node, "unit", figure.value === null ? "" : figure.unit);
  put(node, "goal", figure.goal.filter(Boolean).join(" · "));
  const verdict = put(node, "verdict", figure.verdict && t(`dashboard.${figure.verdict[1]}`, figure.verdict[2]));
  verdict.className = `chip ${figure.verdict?.[0] ?? ""}`;
}

function all({figures, tiers, open, at: moment}) {
  return [waiting(figures, moment), longest(figures, tiers), withinGoal(figures), counters(figures, open), served(figures)];
}

function waiting({waiting: people, serving}, moment) {
  const change = waitingTrend.change(people, Date.parse(moment));
  const moved = change && t(change > 0 ? "dashboard.more" : "dashboard.fewer", {n: Math.abs(change)});
  return {key: "waiting", value: people, unit: t("dashboard.unit_people"), goal: [moved, t("dashboard.being_served", {n: serving})]};
}

/** The longest wait with its tier's limit; if another tier is worse off against its own limit, that tier. */
function longest({longest: worst}, tiers) {
  const {tier, own, verdict} = worstOff(tiers);
  const limit = tier?.guard_minutes && t("dashboard.guard", {n: tier.guard_minutes});
  return {
    key: "longest",
    value: worst ? Math.round(worst.minutes) : null,
    unit: t("dashboard.unit_minutes"),
    goal: worst ? [own ? worst.number : whose(tier), limit] : [t("dashboard.nobody_waits")],
    verdict: worst ? verdict : null,
  };
}

const whose = ({name, longest_minutes: minutes}) => [tr(name), t("dashboard.tier_longest", {n: Math.round(minutes)})].join(" ");

function withinGoal({within_goal: share, goal}) {
  return {
    key: "within_goal",
    value: share === null ? null : percent(share),
    unit: "%",
    goal: [share === null ? t("dashboard.no_calls_yet") : "", t("dashboard.goal", {n: percent(goal)})],
    verdict: share === null ? null : kept(share, goal),
  };
}

function kept(share, goal) {
  if (share >= goal) return ["good", "kept"];
  return share >= goal - 0.05 ? ["soon", "just_below"] : ["late", "below"];
}

// open counters are current, advised ones are of the last outlook: show its time if it is old
function counters({counters_open: opened, counters_paused: paused, counters_advised: advised, advised_at: made}, open) {
  const old = advised !== null && made && clock.minutesSince(made) >= OLD_MINUTES;
  return {
    key: "counters_open",
    value: opened,
    unit: advised === null ? t("dashboard.unit_counters") : `/ ${advised}`,
    goal: [old && t("dashboard.advised_at", {time: clock.hhmm(made)}), paused ? t("dashboard.paused", {n: paused}) : t("dashboard.none_paused")],
    verdict: advised === null || !open ? null : enough(advised - opened),
  };
}

function enough(missing) {
  if (missing > 0) return [missing > 1 ? "late" : "soon", "missing", {n: missing}];
  return missing < -1 ? ["", "spare", {n: -missing}] : ["good", "enough"];
}

function served({served: done, issued, missed, left, satisfaction}) {
  const lost = missed + left;
  return {
    key: "served",
    value: done,
    unit: t("dashboard.unit_people"),
    goal: [
      satisfaction ? t("dashboard.satisfaction", {n: decimal(satisfaction)}) : t("dashboard.issued", {n: issued}),
      lost ? t("dashboard.lost", {n: lost}) : "",
    ],
  };
}
