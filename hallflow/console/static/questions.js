/** The questions asked before an action is sent; each returns the request body, or null when the clerk cancels. */
import {t, tr} from "house/texts.js";
import {clock} from "house/clock.js";
import {ask} from "console/ask.js";

// the API's maximum length
const NOTE_LETTERS = 200;

/** Reasons for parking a customer: the server stores the key, the page translates it. */
export const PARK_REASONS = ["papers", "form", "answer", "payment"];

/** The questions by action; an action without one is sent at once. */
export const QUESTIONS = {pause, close, call, start, finish, park, resume, transfer, "add-service": addService, "walk-in": walkIn};

async function pause({pause_reasons: reasons}) {
  const said = await ask({
    title: t("console.ask_pause"),
    choices: reasons.length ? reasons.map(named) : undefined,
    field: {label: t("console.ask_minutes"), kind: "minutes", unit: t("console.ask_minutes_unit"), suggestions: ["5", "10", "15", "30", "60"]},
    confirm: t("console.verb_pause"),
  });
  return said && {reason: said.choice ?? "pause", ...(said.text ? {minutes: Number(said.text)} : {})};
}

async function close({waiting}) {
  const said = await ask({
    title: t("console.ask_close"),
    hint: waiting ? t("console.ask_close_waiting", {n: waiting}) : t("console.ask_close_nobody"),
    confirm: t("console.verb_close"),
  });
  return said && {};
}

function call(picture, hint) {
  return number(picture, hint, {title: "ask_call", hint: "ask_call_hint", confirm: "verb_call_one"});
}

/** Start serving a waiting customer who already stands at this counter. */
function start(picture, hint) {
  return number(picture, hint, {title: "ask_start", hint: "ask_start_hint", confirm: "verb_start"});
}

async function number({next}, {number: known} = {}, words) {
  const said = await ask({
    title: t(`console.${words.title}`),
    hint: t(`console.${words.hint}`),
    field: {
      label: t("console.ask_number"), kind: "number", max: 8, value: known,
      shape: /^[a-z][0-9]{3,}$/i, misshapen: t("console.ask_number_missing"), suggestions: next.map((one) => one.number),
    },
    confirm: t(`console.${words.confirm}`),
  });
  return said && {ticket: said.text.toUpperCase()};
}

async function finish({outcomes}) {
  if (!outcomes.length) return {};
  const said = await ask({title: t("console.ask_outcome"), choices: outcomes.map(named), confirm: t("console.verb_finish")});
  return said && {outcome: said.choice};
}

async function park() {
  const said = await ask({
    title: t("console.ask_park"),
    hint: t("console.ask_park_hint"),
    choices: [...PARK_REASONS.map((key) => ({value: key, label: parkReason(key)})), {value: null, label: t("console.park_other")}],
    confirm: t("console.verb_park"),
  });
  return said && (said.choice ? {reason: said.choice} : {});
}

/** The translated text of a reason for parking. */
export const parkReason = (reason) => (PARK_REASONS.includes(reason) ? t(`console.park_${reason}`) : tr(reason));

async function resume({parked, missed}, {number} = {}) {
  if (number) return {ticket: number};
  const line = (one, kind) => ({
    value: one.number,
    label: one.number,
    detail: t(kind, {service: tr(one.service_name), at: clock.hhmm(one.since)}),
  });
  const said = await ask({
    title: t("console.ask_resume"),
    choices: [
      ...parked.map((one) => line(one, "console.ask_parked_line")),
      ...missed.map((one) => line(one, "console.ask_missed_line")),
    ],
    none: t("console.ask_resume_none"),
    confirm: t("console.verb_resume"),
  });
  return said && {ticket: said.choice};
}

async function transfer({services, counters, counter, serving}) {
  const said = await ask({
    title: t("console.ask_transfer", {number: serving?.number ?? ""}),
    tabs: [
      {label: t("console.ask_to_service"), choices: services.filter((one) => one.key !== serving?.service).map(named)},
      {label: t("console.ask_to_counter"), choices: seats(counters).filter((one) => one.value !== counter.key)},
    ],
    field: {label: t("console.ask_note"), max: NOTE_LETTERS},
    confirm: t("console.verb_transfer"),
  });
  return said && {[said.tab === 0 ? "service" : "counter"]: said.choice, ...(said.text ? {note: said.text} : {})};
}

async function addService({services, serving}) {
  const said = await ask({
    title: t("console.ask_add_service", {number: serving?.number ?? ""}),
    choices: services.filter((one) => one.key !== serving?.service).map(named),
    confirm: t("console.verb_add_service"),
  });
  return said && {service: said.choice};
}

async function walkIn({services}) {
  const said = await ask({
    title: t("console.ask_walk_in"),
    hint: t("console.ask_walk_in_hint"),
    choices: services.map(named),
    confirm: t("console.verb_walk_in"),
  });
  return said && {service: said.choice};
}

const named = ({key, name}) => ({value: key, label: tr(name)});

/** The counters as choices; one whose key is a number is chosen by that number, even if the list leaves others out. */
function seats(counters) {
  const numbered = counters.every(({key}) => /^[1-9][0-9]*$/.test(key));
  return counters.map(({key, name, state}) => ({
    value: key,
    label: tr(name),
    detail: t(`console.state_${state}`),
    ...(numbered ? {number: Number(key)} : {}),
  }));
}
