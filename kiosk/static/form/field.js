// One field of a form: an input for its kind, reading its answer, and showing its validation error.
import {at, put, show, stamp} from "house/draw.js";
import {t, tr} from "house/texts.js";

const INPUTS = {
  text: {type: "text"},
  date: {type: "date"},
  amount: {type: "text", inputMode: "decimal", autocomplete: "off"},
  phone: {type: "tel", autocomplete: "tel"},
  email: {type: "email", autocomplete: "email"},
  identity_number: {type: "text", autocomplete: "off", autocapitalize: "characters", spellcheck: false},
  tax_number: {type: "text", autocomplete: "off", autocapitalize: "characters", spellcheck: false},
};
const FEW = 6;

/** @param {object} field @param {unknown} answer saved so far @returns {HTMLElement} */
export function makeField(field, answer) {
  const options = choicesOf(field);
  const set = options && (field.kind === "choices" || options.length <= FEW);
  const node = stamp(set ? "field-set" : "field");
  node.dataset.field = field.key;
  const place = at(node, "input");
  if (set) place.append(...options.map((option) => choice(field, option, answer)));
  else {
    place.replaceWith(options ? select(field, options, answer) : input(field, answer));
    node.querySelector("label").htmlFor = `field-${field.key}`;
  }
  return node;
}

/** Write label, hint and error around the input; what was typed is left alone. @param {HTMLElement} node */
export function fillField(node, field, fault) {
  put(node, "label", tr(field.label));
  put(node, "help", tr(field.help));
  put(node, "fault", fault);
  show(at(node, "optional"), !field.required);
  for (const option of choicesOf(field) ?? []) {
    const words = node.querySelector(`[data-option="${CSS.escape(option.value)}"]`);
    if (words) words.textContent = option.text();
  }
  for (const control of node.querySelectorAll("input, select, textarea")) control.setAttribute("aria-invalid", String(Boolean(fault)));
}

/** The answer as the API takes it; null deletes it. @param {HTMLElement} node @returns {string | boolean | string[] | null} */
export function readField(node, field) {
  const chosen = [...node.querySelectorAll("input:checked")].map((one) => one.value);
  if (field.kind === "choices") return chosen.length ? chosen : null;
  if (field.kind === "yes_no") return chosen.length ? chosen[0] === "yes" : null;
  const control = node.querySelector("select, textarea, input:not([type=radio])");
  if (control) return control.value.trim() || null;
  return chosen[0] ?? null;
}

function choicesOf(field) {
  if (field.kind === "yes_no") return ["yes", "no"].map((value) => ({value, text: () => t(`common.${value}`)}));
  if (!["choice", "choices"].includes(field.kind)) return null;
  return field.choices.map(({value, label}) => ({value, text: () => tr(label)}));
}

function choice(field, option, answer) {
  const node = stamp("choice");
  const control = node.querySelector("input");
  control.type = field.kind === "choices" ? "checkbox" : "radio";
  control.name = field.key;
  control.value = option.value;
  control.checked = Array.isArray(answer) ? answer.includes(option.value) : answer === option.value || (field.kind === "yes_no" && answer === (option.value === "yes"));
  at(node, "label").dataset.option = option.value;
  return node;
}

function select(field, options, answer) {
  const control = document.createElement("select");
  const none = new Option(t("common.form_choose"), "");
  none.dataset.t = "common.form_choose";
  control.append(none);
  for (const option of options) {
    const line = new Option(option.text(), option.value, false, option.value === answer);
    line.dataset.option = option.value;
    control.append(line);
  }
  return dressed(control, field);
}

function input(field, answer) {
  const control = document.createElement(field.kind === "long_text" ? "textarea" : "input");
  Object.assign(control, INPUTS[field.kind]);
  if (["text", "long_text"].includes(field.kind) && field.max) control.maxLength = field.max;
  if (field.example) control.placeholder = tr(field.example);
  control.value = answer ?? "";
  return dressed(control, field);
}

function dressed(control, field) {
  control.className = "input";
  control.id = `field-${field.key}`;
  control.name = field.key;
  return control;
}
