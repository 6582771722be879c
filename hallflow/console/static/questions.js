/** What is asked before a verb is done; each gives the body to send, or null where the clerk thinks better of it. */
import {t, tr} from "house/texts.js";
import {clock} from "house/clock.js";
import {ask} from "console/ask.js";

/** The questions by verb; a verb that is not here is done at once. */
export const QUESTIONS = {pause, close, call, finish, park, resume, transfer, "add-service": addService, "walk-in": walkIn};

async function pause({pause_reasons: reasons}) {
  const said = await ask({
    title: t("console.ask_pause"),
    choices: reasons.map(named),
    field: {label: t("console.ask_minutes"), kind: "minutes", unit: t("console.ask_minutes_unit"), suggestions: ["5", "10", "15", "30", "60"]},
    confirm: t("console.verb_pause"),
  });
  return said && {reason: said.choice, ...(said.text ? {minutes: Number(said.text)} : {})};
}

async function close({waiting}) {
  const said = await ask({
    title: t("console.ask_close"),
    hint: waiting ? t("console.ask_close_waiting", {n: waiting}) : t("console.ask_close_nobody"),
    confirm: t("console.verb_close"),
  });
  return said && {};
}

async function call({next}, {number} = {}) {
  const said = await ask({
    title: t("console.ask_call"),
    hint: t("console.ask_call_hint"),
    field: {
      label: t("console.ask_number"), kind: "number", required: true, max: 8, value: number,
      missing: t("console.ask_number_missing"), suggestions: next.map((one) => one.number),
    },
    confirm: t("console.verb_call_one"),
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
    field: {
      label: t("console.ask_reason"), max: 80,
      suggestions: ["papers", "form", "answer", "payment"].map((name) => t(`console.ask_park_${name}`)),
    },
    confirm: t("console.verb_park"),
  });
  return said && (said.text ? {reason: said.text} : {});
}

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
    field: {label: t("console.ask_note"), max: 200},
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

/** Counters with numbers for keys are chosen by those numbers, whichever are left out of the list. */
function seats(counters) {
  const numbered = counters.every(({key}) => /^[1-9][0-9]*$/.test(key));
  return counters.map(({key, name, state}) => ({
    value: key,
    label: tr(name),
    detail: t(`console.state_${state}`),
    ...(numbered ? {number: Number(key)} : {}),
  }));
}
