// State of the kiosk: the hall's latest snapshot, the screen shown, and the current customer's visit.
import {uuid} from "house/api.js";

/**
 * @typedef {object} Visit
 * @property {string} id idempotency key: a second tap or a retry gives the same ticket
 * @property {string[]} services in the order they were chosen
 * @property {string} number a card or mobile number, "" for none
 */
export const here = {
  hall: document.body.dataset.hall,
  /** @type {object | null} */ picture: null,
  screen: "wait",
  group: "",
  /** @type {Visit} */ visit: newVisit(),
  /** @type {object | null} */ ticket: null,
};

const listeners = [];

/** Register `draw` to be called whenever the screen changes. @param {() => void} draw */
export const onGo = (draw) => listeners.push(draw);

/** Show another screen. @param {string} screen @param {object} [more] further changes of the state */
export function go(screen, more = {}) {
  Object.assign(here, more, {screen});
  for (const draw of listeners) draw();
}

/** @returns {Visit} */
export function newVisit() {
  return {id: uuid(), services: [], number: ""};
}

/** @param {string} key */
export const service = (key) => here.picture.services.find((one) => one.key === key);

/** The services of the visit that the hall still offers. */
export const chosen = () => here.visit.services.map(service).filter(Boolean);
