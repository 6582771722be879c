// A customer's ticket page: position in the queue, what to prepare, the available actions.
import {api, ApiError} from "house/api.js";
import {clock} from "house/clock.js";
import {at, put, show} from "house/draw.js";
import {watch} from "house/live.js";
import {toast} from "house/toasts.js";
import {lang, setLang, t, tr} from "house/texts.js";
import {drawBring, drawLegs, drawStory} from "kiosk/phone/details.js";
import {drawRequest, fold, unfold} from "kiosk/phone/request-card.js";
import {drawThanks, thanked} from "kiosk/phone/thanks.js";
import {drawTurn} from "kiosk/phone/turn.js";
import {sure} from "kiosk/phone/confirm.js";

const token = document.body.dataset.token;
let ticket = null;
let live = false;
let watching = false;
let polling;

const does = {
  fill: unfold,
  fold,
  late: () => tell("late"),
  thank: async () => tell("feedback", thanked()),
  defer: async () => {
    if (await sure("defer")) await tell("defer", {places: 2}, t("phone.deferred"));
  },
  leave: async () => {
    if (await sure("leave", {number: ticket.number})) await tell("leave");
  },
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-does]");
  if (button && !button.disabled) does[button.dataset.does]?.(button);
});
// request the ticket at once when the phone wakes up
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) ask();
});

setLang(lang());
document.addEventListener("language", draw);
ask();

/** Request the ticket by HTTP: at first, after waking up, and while the socket is down. */
async function ask() {
  clearTimeout(polling);
  try {
    take(await api.get(`/tickets/${token}`));
    put(document, "as-of", "");
    if (!watching) listen();
  } catch (fault) {
    if (!(fault instanceof ApiError)) throw fault;
    if (fault.status === 404 || fault.status === 410) return unknown(fault);
    const old = ticket ? `${t("common.as_of", {time: clock.hhmm(ticket.at)})} · ` : "";
    put(document, "as-of", old + t("common.line_down"));
  }
  if (!live) polling = setTimeout(ask, (ticket?.ask_again_s || 10) * 1000);
}

function listen() {
  watching = true;
  watch(ticket.hall, `ticket:${token}`, take, {
    onLine() {
      live = true;
      put(document, "as-of", "");
    },
    onOff() {
      live = false;
      ask();
    },
  });
}

function take(picture) {
  if (ticket && picture.seq < ticket.seq) return;
  clock.set(picture.at, picture.pace);
  clock.zone = picture.zone;
  ticket = picture;
  draw();
}

function draw() {
  if (!ticket) return;
  put(document, "hall-name", tr(ticket.hall_name));
  drawTurn(ticket);
  drawThanks(ticket);
  drawRequest(ticket);
  drawBring(ticket);
  drawLegs(ticket);
  drawStory(ticket);
  const can = (verb) => (ticket.can ?? []).includes(verb);
  show(at(document, "late"), can("late"));
  show(at(document, "defer"), can("defer"));
  show(at(document, "leave"), can("leave"));
  show(at(document, "ways"), can("defer") || can("leave"));
}

async function tell(verb, body = {}, said = "") {
  try {
    take(await api.post(`/tickets/${token}/${verb}`, body, {retry: 2}));
    if (said) toast(said);
  } catch (fault) {
    if (!(fault instanceof ApiError)) throw fault;
    toast(fault.status === 0 ? t("common.no_contact") : fault.message || t("common.fault"), "late");
  }
}

/** Show that the ticket does not exist, or that it is of another day. */
function unknown(fault) {
  if (fault.status === 410 && fault.message) put(document, "unknown-help", fault.message);
  for (const section of document.querySelectorAll("main > section")) show(section, false);
  show(at(document, "unknown"), true);
}
