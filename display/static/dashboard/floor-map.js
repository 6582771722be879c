// The floor map: a tile per counter with state, clerk, ticket and running time, at its position in the hall.

import {mapped} from "display/dashboard/hall-areas.js";
import {clock} from "house/clock.js";
import {at, list, put, show, stamp} from "house/draw.js";
import {t, tr} from "house/texts.js";

/** Draw the counters of a dashboard snapshot. */
export function drawTiles({counters, services, tiers, map, figures}) {
  const names = new Map([...services, ...tiers].map((one) => [one.key, tr(one.name)]));
  list(at(document, "tiles"), counters, (counter) => counter.key, () => stamp("tile"), (node, counter) => fill(node, counter, names));
  lay(at(document, "hall-map"), mapped(map, counters), figures);
  const states = counters.map(stateOf);
  const busy = states.filter((state) => state === "serving" || state === "called").length;
  const free = states.filter((state) => state === "free").length;
  put(document, "floor-sum", t("dashboard.floor_sum", {busy, free, all: counters.length}));
}

function lay(place, areas, {waiting}) {
  place.classList.toggle("mapped", areas !== null);
  place.style.setProperty("--map", areas?.map((row) => `"${row.join(" ")}"`).join(" ") ?? "none");
  place.style.setProperty("--map-wide", areas?.[0].length ?? 1);
  show(at(document, "hall-space"), areas?.some((row) => row.includes("hall")) ?? false);
  put(document, "hall-waiting", waiting);
}

/** A counter's state, as a word. */
export function stateOf(counter) {
  if (counter.number) return counter.ticket_state === "called" ? "called" : "serving";
  return counter.state === "open" ? "free" : counter.state;
}

const MARK = {serving: "now", called: "now", free: "open", paused: "paused", closed: ""};

function fill(node, counter, names) {
  const state = stateOf(counter);
  node.id = `counter-${counter.key}`;
  node.dataset.state = state;
  node.style.setProperty("--area", `c-${counter.key}`);
  put(node, "name", tr(counter.name)).className = `mark ${MARK[state]}`;
  put(node, "clerk", state === "closed" ? "" : counter.clerk);
  put(node, "number", counter.number ?? t(`dashboard.tile_${state}`));
  put(node, "tier", counter.number ? (names.get(counter.tier) ?? counter.tier) : "");
  put(node, "service", counter.number ? (names.get(counter.service) ?? counter.service) : offer(counter, names));
  time(node, counter, state);
}

function offer({state, reason, services}, names) {
  if (state === "paused") return tr(reason);
  const first = names.get(services[0]) ?? "";
  return services.length > 1 ? t("dashboard.and_more", {first, more: services.length - 1}) : first;
}

function time(node, counter, state) {
  const minutes = counter.since ? clock.minutesSince(counter.since) : 0;
  const standard = state === "serving" ? counter.standard_minutes : null;
  const tone = !standard ? "" : minutes > standard * 1.5 ? "late" : minutes > standard ? "soon" : "";
  const words = [say(counter, state, minutes, standard), tone && t(`dashboard.tile_${tone}`)];
  put(node, "time", words.filter(Boolean).join(" · ")).className = `tile-time small ${tone}`;
  const bar = at(node, "bar");
  bar.hidden = !standard;
  bar.className = `bar ${tone}`;
  if (standard) bar.style.setProperty("--share", Math.min(1, minutes / standard));
}

function say(counter, state, minutes, standard) {
  if (counter.asked) return t("dashboard.tile_asked");
  if (state === "closed") return "";
  if (state === "paused" && counter.back_at) return t("dashboard.back_at", {time: clock.hhmm(counter.back_at)});
  if (state === "called") return minutes ? t("dashboard.called_for", {n: minutes}) : t("dashboard.just_called");
  return t(standard ? "dashboard.of_standard" : "dashboard.for_minutes", {n: minutes, standard});
}
