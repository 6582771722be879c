// The top of the ticket page: number, state and remaining wait; in the accent colour when the ticket is called.
import {clock} from "house/clock.js";
import {at, put, show} from "house/draw.js";
import {language, t, tr} from "house/texts.js";
import {clockTimes, minutes} from "house/waits.js";

const MARKS = {waiting: "now", called: "now", serving: "good", served: "good", parked: "paused", missed: "late", booked: "now"};
let before = null;

export function drawTurn(ticket) {
  const {state} = ticket;
  const counter = tr(ticket.counter_name) || (ticket.counter ? t("phone.counter_plain", {n: ticket.counter}) : "");
  const waits = state === "waiting" && Boolean(ticket.wait);
  document.body.dataset.state = state;
  put(document, "state", t(`phone.state_${state}`));
  at(document, "state").className = `mark ${MARKS[state] ?? ""}`;
  at(document, "number").textContent = ticket.number;
  put(document, "service", tr(ticket.service_name));
  show(at(document, "call"), state === "called");
  put(document, "counter", state === "called" ? counter : "");
  show(at(document, "expect"), waits);
  put(document, "range", waits ? minutes(ticket.wait) : "");
  put(document, "times", waits ? clockTimes(ticket.wait) : "");
  put(document, "later", waits && ticket.wait_reason && !ticket.breach ? `${t("phone.later")} ${tr(ticket.wait_reason)}` : "");
  put(document, "breach", breach(ticket));
  put(document, "ahead", state === "waiting" ? ahead(ticket.ahead) : "");
  put(document, "sentence", sentence(ticket, counter));
  put(document, "reason", state === "waiting" && !ticket.wait ? tr(ticket.closed_reason) : "");
  const where = ["waiting", "booked", "parked"].includes(state) ? tr(ticket.where) : "";
  put(document, "where", where);
  show(at(document, "where-line"), Boolean(where));
  document.title = state === "called" ? t("phone.page_called", {number: ticket.number, counter}) : `${ticket.number} · ${t("phone.title")}`;
  if (state === "called" && before && before !== "called") callOut();
  before = state;
}

function sentence(ticket, counter) {
  if (ticket.state === "called") return `${t("phone.called_help")} ${t("phone.called_since", {time: clock.hhmm(ticket.called_at ?? ticket.at)})}`;
  if (ticket.state === "serving") return counter ? t("phone.serving_at", {counter}) : "";
  if (ticket.state === "served") return t("phone.thanks");
  if (ticket.state === "missed") return ticket.can?.includes("late") ? t("phone.missed_help") : t("phone.missed_desk");
  if (["parked", "booked", "left", "expired"].includes(ticket.state)) return t(`phone.${ticket.state}_help`);
  return "";
}

/** A broken wait promise: an apology with the new range and the reason. */
function breach({breach: broken, wait, wait_reason: why}) {
  if (!broken) return "";
  const said = [t("phone.breach", {time: clock.hhmm(broken.promised_until)})];
  if (wait) said.push(t("phone.breach_new", {times: clockTimes(wait)}));
  if (tr(why)) said.push(tr(why));
  if (broken.recovery) said.push(t("phone.recovery"));
  return said.join(language().space);
}

/** @param {number | null} people */
function ahead(people) {
  if (people == null) return "";
  return people === 0 ? t("phone.ahead_none") : people === 1 ? t("phone.ahead_one") : t("phone.ahead", {n: people});
}

/** Scroll to the number and vibrate: the phone may lie on a table, face down. */
function callOut() {
  window.scrollTo({top: 0});
  navigator.vibrate?.([300, 150, 300, 150, 600]);
}
