// The floor: every counter as a tile with its state, clerk, ticket and running time.

import {clock} from "house/clock.js";
import {at, list, put, stamp} from "house/draw.js";
import {t, tr} from "house/texts.js";

/** Draw the counters of a dashboard picture. */
export function drawTiles({counters, services}) {
  const names = new Map(services.map((service) => [service.key, tr(service.name)]));
  list(at(document, "tiles"), counters, (counter) => counter.key, () => stamp("tile"), (node, counter) => fill(node, counter, names));
  const states = counters.map(stateOf);
  const busy = states.filter((state) => state === "serving" || state === "called").length;
  const free = states.filter((state) => state === "free").length;
  put(document, "floor-sum", t("dashboard.floor_sum", {busy, free, all: counters.length}));
}

/** What a counter is doing, in one word. */
export function stateOf(counter) {
  if (counter.number) return counter.ticket_state === "called" ? "called" : "serving";
  return counter.state === "open" ? "free" : counter.state;
}

const MARK = {serving: "now", called: "now", free: "open", paused: "paused", closed: ""};

function fill(node, counter, names) {
  const state = stateOf(counter);
  node.id = `counter-${counter.key}`;
  node.dataset.state = state;
  put(node, "name", tr(counter.name)).className = `mark ${MARK[state]}`;
  put(node, "clerk", state === "closed" ? "" : counter.clerk);
  put(node, "number", counter.number ?? t(`dashboard.tile_${state}`));
  put(node, "tier", counter.number ? tr(counter.tier_name) : "");
  put(node, "service", counter.number ? (names.get(counter.service) ?? counter.service) : offer(counter, names));
  time(node, counter, state);
}

function offer({state, reason, services}, names) {
  if (state === "paused") return tr(reason);
  const first = names.get(services[0]) ?? "";
  return services.length > 1 ? t("dashboard.and_more", {first, more: services.length - 1}) : first;
}

function time(node, counter, state) {
  const running = counter.number ? counter.ticket_since : counter.since;
  const minutes = running ? clock.minutesSince(running) : 0;
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
