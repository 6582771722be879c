// The kiosk: which screen it shows, and what each button does.
import {clock} from "house/clock.js";
import {at, put, show} from "house/draw.js";
import {watch} from "house/live.js";
import {lang, setLang, t, tr} from "house/texts.js";
import {contrast, larger, plainAgain} from "kiosk/kiosk/access.js";
import {contact} from "kiosk/kiosk/connection.js";
import {drawForm} from "kiosk/kiosk/form.js";
import {go, here, newVisit, onGo} from "kiosk/kiosk/visit.js";
import {idle} from "kiosk/kiosk/idle.js";
import {drawKeypad, useNumber} from "kiosk/kiosk/keypad.js";
import {back, drawNeed, remove} from "kiosk/kiosk/need.js";
import {drawSearch} from "kiosk/kiosk/search.js";
import {take} from "kiosk/kiosk/take.js";
import {drawTicket, print} from "kiosk/kiosk/ticket.js";
import {drawClosed, drawGroup, drawWelcome} from "kiosk/kiosk/welcome.js";

const firstLanguage = lang();
const drawn = {
  welcome: drawWelcome,
  group: drawGroup,
  search: drawSearch,
  keypad: drawKeypad,
  need: drawNeed,
  ticket: drawTicket,
  form: drawForm,
  closed: drawClosed,
};

const does = {
  welcome: () => go("welcome"),
  search: () => go("search", {query: ""}),
  keypad: () => go("keypad", {typed: "", fault: ""}),
  "use-number": useNumber,
  "drop-number": () => go("welcome", {visit: {...here.visit, number: ""}}),
  need: () => go("need"),
  "back-from-need": back,
  add: () => go("welcome"),
  remove: (button) => remove(button.closest("li").dataset.key),
  "start-again": startAgain,
  take,
  print,
  fill: () => go("form"),
  ticket: () => go("ticket"),
  finish: startAgain,
  "more-time": () => idle.more(),
  "still-here": () => idle.more(),
  larger,
  contrast,
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-does]");
  if (button && !button.disabled) does[button.dataset.does]?.(button);
});

onGo(draw);
document.addEventListener("language", () => {
  drawClock();
  draw();
});
idle.onEnd(startAgain);
document.body.dataset.first = firstLanguage;
setLang(firstLanguage);
clock.every(drawClock);
contact.start(arrive);
watch(here.hall, "kiosk", arrive, {onLine: contact.back, onOff: contact.lost});

/** Store a new snapshot of the hall, and open or close the kiosk with it. */
function arrive(picture) {
  here.picture = picture;
  if (here.screen === "wait") go(picture.open ? "welcome" : "closed");
  else if (picture.open && here.screen === "closed") go("welcome");
  else if (!picture.open && here.screen === "welcome") go("closed");
  else draw();
  drawClock();
}

/** The hall's time, known from the first snapshot on. */
function drawClock() {
  if (!here.picture) return;
  put(document, "clock", clock.hhmm(clock.now()));
  put(document, "day", clock.day(clock.now()));
}

function draw() {
  if (!here.picture && here.screen !== "out") return;
  for (const section of document.querySelectorAll("[data-screen]")) {
    const present = section.dataset.screen === here.screen;
    const comes = present && section.hidden;
    show(section, present);
    if (present) drawn[here.screen]?.(section);
    if (comes) enter(section);
  }
  if (here.picture) put(document, "hall-name", tr(here.picture.name));
  const count = here.visit.services.length;
  put(document, "count", count ? t("kiosk.chosen", {n: count}) : "");
  show(at(document, "basket"), count > 0 && ["welcome", "group", "search"].includes(here.screen));
  idle.on(here.screen);
}

/** A new screen starts scrolled to its top, with the focus there for screen readers. */
function enter(section) {
  section.scrollTop = 0;
  const heading = section.querySelector("h1");
  heading?.setAttribute("tabindex", "-1");
  heading?.focus({preventScroll: true});
}

/** Reset the kiosk for the next customer. */
function startAgain() {
  plainAgain();
  setLang(firstLanguage);
  go(here.picture?.open === false ? "closed" : "welcome", {visit: newVisit(), ticket: null, typed: "", query: "", fault: ""});
}
