/** The current customer: number, timer, answers, documents; without a customer, the counter's state. */
import {at, put, show, stamp} from "house/draw.js";
import {icon} from "house/icons.js";
import {t, tr} from "house/texts.js";
import {clock} from "house/clock.js";
import {joined, lines, parts, write} from "console/page.js";
import {copyable, spoken} from "console/answers.js";
import {lead, nameOf, phase} from "console/verbs.js";

export function drawPresent(place, picture) {
  place.dataset.phase = phase(picture);
  place.replaceChildren(picture.serving ? customer(picture.serving) : nobody(picture));
}

function customer(serving) {
  const called = serving.state === "called";
  const whole = write(stamp("present-customer"), {
    state: t(called ? (serving.arrived_at ? "console.arrived" : "console.called") : "console.being_served"),
    moment: momentOf(serving),
    number: serving.number,
    service: tr(serving.service_name),
    tier: tr(serving.tier_name),
  });
  whole.style.setProperty("--tier", serving.tier_color);
  const note = at(whole, "note");
  show(note, Boolean(serving.note));
  note.title = tr(serving.note);
  const timer = whole.querySelector("[data-timer]");
  timer.dataset.timer = called ? "walk" : "service";
  timer.dataset.since = (!called && serving.arrived_at) || serving.called_at;
  // while the customer walks to the counter and no walking time is known, the ring fills in two minutes
  timer.dataset.standard = called ? (serving.walk_minutes ?? 2) : (serving.standard_minutes ?? "");
  drawPapers(whole, serving.documents ?? []);
  drawForm(whole, serving.form);
  return whole;
}

function momentOf({called_at: at, recalls}) {
  return joined(t("console.called_at", {at: clock.hhmm(at)}), recalls && t("console.recalled", {n: recalls}));
}

function drawPapers(whole, documents) {
  parts(whole, {papers: documents.length});
  lines(whole, "documents", documents, ({name, needed}) =>
    write(stamp("paper"), {name: tr(name), needed: needed === false ? t("console.if_at_hand") : ""}),
  );
}

function drawForm(whole, form) {
  // a form without any answer was not filled in and is not shown
  const fields = form?.fields?.some(({value}) => spoken(value)) ? form.fields : [];
  parts(whole, {form: fields.length});
  write(whole, {no_form: fields.length ? "" : t("console.no_form"), form_short: "", form_state: ""});
  if (!fields.length) return;
  const missing = fields.filter((field) => field.missing).length;
  for (const name of ["form_state", "form_short"]) {
    const state = put(whole, name, missing ? t("console.form_missing", {n: missing}) : t("console.form_complete"));
    state.classList.add(missing ? "soon" : "good");
    state.prepend(icon(missing ? "circle-alert" : "circle-check"));
  }
  put(whole, "form_title", tr(form.title));
  at(whole, "progress").style.setProperty("--share", missing ? share(fields) : 1);
  lines(whole, "answers", fields, drawAnswer);
}

const share = (fields) => fields.filter((field) => spoken(field.value)).length / fields.length;

function drawAnswer(field) {
  const text = spoken(field.value);
  const line = write(stamp("answer"), {
    label: tr(field.label),
    value: text,
    unsaid: !text && !field.missing ? "–" : "",
  });
  parts(line, {missing: field.missing && !text});
  line.classList.toggle("is-missing", Boolean(field.missing));
  if (text) copyable(at(line, "value"), text);
  return line;
}

const ICONS = {free: "armchair", paused: "coffee", closed: "door-closed"};

function nobody(picture) {
  const now = phase(picture);
  const [first] = picture.next;
  const verb = lead(picture);
  const free = now === "free";
  const whole = write(stamp("present-nobody"), {
    title: free ? t(first ? "console.free_next" : "console.free_nobody") : stateOf(picture.counter),
    number: free && first ? first.number : "",
    line: free
      ? first ? tr(first.service_name) : t("console.free_nobody_line")
      : t(picture.waiting ? `console.${now}_waiting` : `console.${now}_line`, {n: picture.waiting}),
    key: picture.can.includes(verb) ? t("console.space") : "",
    hint: picture.can.includes(verb) ? t(nameOf(verb, picture)) : "",
  });
  at(whole, "icon").replaceChildren(icon(ICONS[now]));
  parts(whole, {icon: !(free && first)});
  return whole;
}

/** "Closed", or "Paused: lunch, back at 11:00". */
function stateOf(counter) {
  if (counter.state !== "paused") return t(`console.state_${counter.state}`);
  const reason = counter.reason ? tr(counter.reason) : "";
  if (reason && counter.back_at) return t("console.paused_until", {reason, at: clock.hhmm(counter.back_at)});
  return reason ? t("console.paused_for", {reason}) : t("console.state_paused");
}
