/** A modal question in the console, answered by keyboard or touch: a list of choices, an input field, or both. */
import {at, stamp} from "house/draw.js";
import {t} from "house/texts.js";
import {parts, write} from "console/page.js";
import {digits} from "console/digits.js";
import {digitOf} from "console/keyboard.js";

const dialog = document.getElementById("ask");

export const asking = () => dialog.open;

/**
 * Show a question and return a promise of {choice, text}, or of null when the clerk cancels.
 * question: {title, hint?, tabs?: [{label, choices}], choices?: [{value, label, detail?, number?}],
 *            field?: {label, kind?, unit?, suggestions?, shape?, misshapen?, max?}, confirm}
 */
export function ask(question) {
  return new Promise((answer) => {
    const form = stamp("ask-form");
    const state = {question, form, tab: 0, at: -1};
    write(form, {title: question.title, hint: question.hint, confirm: question.confirm});
    drawTabs(state);
    drawChoices(state);
    drawField(state);
    dialog.replaceChildren(form);
    dialog.onkeydown = (event) => steer(state, event);
    dialog.onclose = () => answer(dialog.returnValue === "yes" ? answerOf(state) : null);
    form.onsubmit = (event) => complete(state) || event.preventDefault();
    form.querySelector("[data-cancel]").onclick = () => dialog.close("no");
    dialog.returnValue = "";
    dialog.showModal();
    focusFirst(state);
  });
}

function drawTabs(state) {
  const tabs = state.question.tabs ?? [];
  const place = at(state.form, "tabs");
  parts(state.form, {tabs: tabs.length > 1});
  place.replaceChildren(...tabs.map((tab, index) => {
    const button = write(stamp("ask-tab"), {label: tab.label});
    button.setAttribute("aria-selected", index === state.tab);
    button.onclick = () => turn(state, index);
    return button;
  }));
}

function drawChoices(state) {
  const items = choicesOf(state);
  at(state.form, "choices").replaceChildren(...items.map((choice, index) => {
    const button = write(stamp("ask-choice"), {label: choice.label, detail: choice.detail, digit: numberOf(choice, index)});
    button.setAttribute("aria-selected", index === state.at);
    button.onclick = () => pick(state, index, true);
    return button;
  }));
  parts(state.form, {choices: items.length});
  write(state.form, {none: isEmpty(state) ? (state.question.none ?? t("console.nothing_to_choose")) : ""});
  state.digits = digits(items.map(numberOf), (index, sure) => pick(state, index, sure));
}

function drawField(state) {
  const {field} = state.question;
  parts(state.form, {field: Boolean(field)});
  if (!field) return;
  write(state.form, {field_label: field.label, unit: field.unit});
  const input = inputOf(state);
  input.type = field.kind === "minutes" ? "number" : "text";
  if (field.kind === "minutes") Object.assign(input, {min: 1, max: 240, inputMode: "numeric"});
  if (field.kind === "number") input.classList.add("is-number");
  input.maxLength = field.max ?? 200;
  input.value = field.value ?? "";
  at(state.form, "suggestions").replaceChildren(...(field.suggestions ?? []).map((text) => {
    const chip = write(stamp("ask-chip"), {label: text});
    chip.onclick = () => {
      input.value = text;
      input.focus();
    };
    return chip;
  }));
}

function pick(state, index, sure) {
  state.at = index;
  for (const [place, button] of buttonsOf(state).entries()) {
    button.setAttribute("aria-selected", place === index);
    if (place === index) button.focus();
  }
  mind(state, "");
  if (!sure) return;
  if (state.question.field) inputOf(state).focus();
  else state.form.requestSubmit(state.form.querySelector("[data-confirm]"));
}

function turn(state, index) {
  Object.assign(state, {tab: index, at: -1});
  drawTabs(state);
  drawChoices(state);
  buttonsOf(state)[0]?.focus();
}

function steer(state, event) {
  const typing = event.target.matches("input");
  event.stopPropagation();
  if (event.key === "Escape") return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") step(state, event.key === "ArrowDown" ? 1 : -1, event);
  else if (typing) return;
  else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    const count = state.question.tabs?.length ?? 1;
    if (count > 1) turn(state, (state.tab + (event.key === "ArrowRight" ? 1 : count - 1)) % count);
    else step(state, event.key === "ArrowRight" ? 1 : -1, event);
  } else if (digitOf(event) !== null) {
    // otherwise the digit would also be typed into the next question's field
    event.preventDefault();
    state.digits(digitOf(event));
  }
}

function step(state, by, event) {
  const count = choicesOf(state).length;
  if (!count || event.target.type === "number") return;
  event.preventDefault();
  pick(state, state.at < 0 ? (by > 0 ? 0 : count - 1) : (state.at + by + count) % count, false);
}

function complete(state) {
  const {field} = state.question;
  if (choicesOf(state).length && state.at < 0) return mind(state, t("console.choose_first"));
  if (isEmpty(state)) return false;
  if (field?.shape && !field.shape.test(inputOf(state).value.trim())) {
    inputOf(state).focus();
    return mind(state, field.misshapen);
  }
  return true;
}

function mind(state, sentence) {
  write(state.form, {mind: sentence});
  return false;
}

function focusFirst(state) {
  if (choicesOf(state).length) buttonsOf(state)[0].focus();
  else if (state.question.field) inputOf(state).focus();
  else state.form.querySelector(isEmpty(state) ? "[data-cancel]" : "[data-confirm]").focus();
}

const numberOf = ({number}, index) => number ?? index + 1;
const choicesOf = ({question, tab}) => question.tabs?.[tab].choices ?? question.choices ?? [];
const isEmpty = (state) => Boolean(state.question.tabs ?? state.question.choices) && !choicesOf(state).length;
const buttonsOf = ({form}) => [...at(form, "choices").children];
const inputOf = ({form}) => form.querySelector("input");

function answerOf(state) {
  return {choice: choicesOf(state)[state.at]?.value, tab: state.tab, text: inputOf(state).value.trim()};
}
