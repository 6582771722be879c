// The form as a card on the ticket page: its progress, folded until the customer opens it.
import {at, put, show} from "house/draw.js";
import {t, tr} from "house/texts.js";
import {Request} from "kiosk/form/request.js";

let request = null;
let open = false;
let card = {};

/** @param {object} ticket */
export function drawRequest(ticket) {
  const usable = ticket.form && ["booked", "waiting", "called", "parked"].includes(ticket.state);
  show(at(document, "request"), Boolean(usable));
  if (!usable) return;
  // after a transfer or between two services the form is a different one
  if (card.key !== ticket.form.key) begin(ticket);
  card.title = ticket.form.title;
  card.accepted = ticket.form.accepted;
  draw();
}

function begin(ticket) {
  open = false;
  card = {key: ticket.form.key, filled: 0, of: ticket.form.of};
  request = new Request(ticket.token, at(document, "form"), ({filled, of, accepted}) => {
    Object.assign(card, {filled, of, accepted});
    draw();
  });
  request.load();
}

export function unfold() {
  open = true;
  draw();
}

export function fold() {
  open = false;
  draw();
  at(document, "request").scrollIntoView({block: "nearest"});
}

function draw() {
  const {filled, of, accepted} = card;
  put(document, "form-title", tr(card.title));
  const line = accepted ? t("common.form_accepted") : filled ? t("common.form_progress", {filled, of}) : t("phone.form_start");
  put(document, "form-line", line);
  at(document, "request").classList.toggle("accepted", Boolean(accepted));
  const bar = at(document, "progress");
  bar.style.setProperty("--share", of ? filled / of : 0);
  bar.setAttribute("aria-valuenow", filled);
  bar.setAttribute("aria-valuemax", of);
  bar.setAttribute("aria-label", t("common.form_progress", {filled, of}));
  put(document, "fill", open ? "" : t(accepted ? "phone.form_review" : filled ? "phone.form_continue" : "phone.form_open"));
  at(document, "fill").classList.toggle("primary", !accepted);
  show(at(document, "form"), open);
  show(at(document, "fold"), open);
  request.draw();
}
