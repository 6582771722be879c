// The fitted parameters of the hall: service minutes, patience, no-shows, arrivals, and the wait predictor in use.

import {ApiError, api} from "house/api.js";
import {clock} from "house/clock.js";
import {at, put, show, stamp} from "house/draw.js";
import {decimal, language, t, tr} from "house/texts.js";

// any Monday, for weekday names
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** Fetch and draw what one hall has learned; an error here must not break the rest of the page. */
export async function learned(hall) {
  try {
    draw(await api.get(`/halls/${hall}/learned`));
  } catch (fault) {
    if (!(fault instanceof ApiError)) throw fault;
  }
}

function draw(told) {
  const since = told.learned_at;
  put(document, "learned-from", since ? t("record.learned_from", {days: told.history_days, at: moment(since, told.zone)}) : t("record.learned_plan"));
  at(document, "learned-services").replaceChildren(...Object.values(told.services).map((service) => row(service, told)));
  at(document, "learned-facts").replaceChildren(...[...facts(told), ...foreseen(told.waits)].map(line));
  show(at(document, "learned"), true);
}

function row(service, told) {
  const node = stamp("learned-service");
  put(node, "name", tr(service.name));
  put(node, "minutes", decimal(service.minutes));
  put(node, "planned", decimal(service.planned));
  put(node, "under", decimal(service.four_in_five_under));
  put(node, "visits", String(service.visits));
  put(node, "tiers", listed(service.tiers, (key) => tr(told.tier_names[key] ?? key)));
  put(node, "prefilled", listed(service.prefilled, (key) => t(`record.learned_form_${key}`)));
  put(node, "counters", ends(service.counters, told.counter_names));
  return node;
}

function listed(minutes, named) {
  return Object.entries(minutes).map(([key, n]) => t("record.learned_each", {name: named(key), n: decimal(n)})).join(t("record.learned_comma")) || "–";
}

/** The counters with the highest and the lowest value. */
function ends(counters, names) {
  const ordered = Object.entries(counters).sort(([, a], [, b]) => b - a);
  if (!ordered.length) return "–";
  return listed(Object.fromEntries([ordered[0], ordered.at(-1)].map(([key, n]) => [key, n])), (key) => tr(names[key] ?? key));
}

function facts(told) {
  const percent = (share) => String(Math.round(100 * share));
  const weekday = new Intl.DateTimeFormat(language().tag, {weekday: "short", timeZone: "UTC"});
  const stays = Object.entries(told.still_waiting).map(([minutes, share]) => t("record.learned_stay", {n: percent(share), minutes}));
  const days = told.arrivals_by_weekday.map((n, i) => `${weekday.format(new Date(MONDAY + i * DAY_MS))} ${Math.round(n)}`);
  return [
    t("record.learned_walk", {n: decimal(told.walk_minutes)}),
    t("record.learned_no_show", {share: decimal(100 * told.no_show_share), n: decimal(told.no_show_minutes)}),
    t("record.learned_stays", {shares: stays.join(t("record.learned_comma"))}),
    t("record.learned_week", {days: days.join(t("record.learned_comma")), n: percent(told.day_to_day)}),
  ];
}

function* foreseen({by, model}) {
  if (!by) return;
  const simple = !["twin", "corrected"].includes(by);
  yield t(`record.learned_by_${simple ? "simple" : by}`, {n: model?.waits ?? 0, name: by});
  const trial = model?.trial;
  if (trial) {
    yield t("record.learned_trial", {n: trial.waits, model: decimal(trial.mae), twin: decimal(trial.mae_twin), ours: decimal(trial.winkler), theirs: decimal(trial.winkler_twin)});
  }
}

function line(text) {
  const node = stamp("learned-fact");
  node.textContent = text;
  return node;
}

function moment(iso, zone) {
  const day = new Intl.DateTimeFormat("sv-SE", {timeZone: zone}).format(new Date(iso));
  return `${day} ${clock.hhmm(iso)}`;
}
