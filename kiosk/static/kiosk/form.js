// The form's screen on the kiosk, with the same form component as on the phone.
import {at, put} from "house/draw.js";
import {tr} from "house/texts.js";
import {Request} from "kiosk/form/request.js";
import {here} from "kiosk/kiosk/visit.js";

let request = null;

/** @param {HTMLElement} section */
export function drawForm(section) {
  put(section, "title", tr(here.ticket.form?.title));
  if (request?.token === here.ticket.token) return request.draw();
  request = new Request(here.ticket.token, at(section, "form"));
  request.load();
}
