// A form with autosave that a waiting customer fills in, with each validation error beside its field.
import {api, ApiError} from "house/api.js";
import {clock} from "house/clock.js";
import {at, put, stamp} from "house/draw.js";
import {t, tr} from "house/texts.js";
import {fillField, makeField, readField} from "kiosk/form/field.js";

const TYPING_PAUSE_MS = 1200;
const TRY_AGAIN_MS = 5000;

export class Request {
  /** @param {string} token of the ticket @param {HTMLElement} place @param {(state: object) => void} [told] gets filled, of, accepted */
  constructor(token, place, told = () => {}) {
    this.token = token;
    this.place = place;
    this.told = told;
    this.form = null;
    this.unsaved = {};
    this.faults = {};
    this.left = new Set();
    this.savedAt = null;
    this.stuck = false;
    this.saving = null;
  }

  async load() {
    try {
      const answer = await api.get(`/tickets/${this.token}/prefill`, {retry: 3});
      this.form = answer.form;
      this.build(answer.answers);
      this.take(answer, Object.keys(answer.faults ?? {}));
      for (const key of Object.keys(answer.faults ?? {})) this.left.add(key);
    } catch (fault) {
      if (!(fault instanceof ApiError)) throw fault;
      this.place.textContent = fault.message || t("common.no_contact");
      if (fault.passing) setTimeout(() => this.load(), TRY_AGAIN_MS);
      return;
    }
    this.draw();
  }

  build(answers) {
    this.element = stamp("form");
    this.element.addEventListener("submit", (event) => event.preventDefault());
    at(this.element, "fields").append(...this.form.fields.map((field) => makeField(field, answers[field.key])));
    this.element.addEventListener("input", (event) => this.changed(event, TYPING_PAUSE_MS));
    this.element.addEventListener("change", (event) => this.changed(event, 0));
    this.element.addEventListener("focusout", (event) => this.leave(event));
    this.place.replaceChildren(this.element);
  }

  /** Redraw everything except what the customer typed. */
  draw() {
    if (!this.form) return;
    for (const field of this.form.fields) {
      const fault = this.left.has(field.key) ? tr(this.faults[field.key]) : "";
      fillField(this.element.querySelector(`[data-field="${field.key}"]`), field, fault);
    }
    const missing = this.of - this.filled;
    put(this.element, "state", this.accepted ? t("common.form_accepted") : t("common.form_progress", this));
    at(this.element, "state").className = this.accepted ? "chip good" : missing ? "chip" : "chip soon";
    const saved = this.savedAt ? t("common.form_saved_at", {time: clock.hhmm(this.savedAt)}) : "";
    put(this.element, "saved", this.stuck ? t("common.form_not_saved") : this.saving ? t("common.saving") : saved);
  }

  changed(event, pause) {
    const key = event.target.closest("[data-field]")?.dataset.field;
    if (!key) return;
    const field = this.form.fields.find((one) => one.key === key);
    this.unsaved[key] = readField(event.target.closest("[data-field]"), field);
    if (event.type === "change") this.left.add(key);
    this.soon(pause);
  }

  leave(event) {
    const key = event.target.closest("[data-field]")?.dataset.field;
    if (key && this.faults[key]) {
      this.left.add(key);
      this.draw();
    }
  }

  soon(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  /** One save request at a time; what is typed meanwhile goes with the next one. */
  async save() {
    if (this.saving) return this.soon(300);
    const answers = this.unsaved;
    if (!Object.keys(answers).length) return;
    this.unsaved = {};
    this.saving = api.put(`/tickets/${this.token}/prefill`, {answers});
    this.draw();
    try {
      this.take(await this.saving, Object.keys(answers));
      this.stuck = false;
    } catch (fault) {
      this.refused(fault, answers);
    } finally {
      this.saving = null;
    }
    this.draw();
  }

  take(answer, sent) {
    for (const key of sent) delete this.faults[key];
    for (const [key, fault] of Object.entries(answer.faults ?? {})) if (sent.includes(key)) this.faults[key] = fault;
    Object.assign(this, {filled: answer.filled, of: answer.of, accepted: answer.accepted});
    if (this.saving && sent.some((key) => !(key in this.faults))) this.savedAt = clock.now();
    this.told(this);
  }

  refused(fault, answers) {
    if (!(fault instanceof ApiError)) throw fault;
    if (fault.passing) {
      // answers typed since then replace those whose request failed
      this.unsaved = {...answers, ...this.unsaved};
      this.stuck = true;
      return this.soon(TRY_AGAIN_MS);
    }
    const key = (fault.field ?? "").replace(/^answers\./, "");
    for (const one of key in answers ? [key] : Object.keys(answers)) {
      this.faults[one] = fault.message || t("common.fault");
      this.left.add(one);
    }
  }
}
