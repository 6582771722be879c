// Inactivity timeout of the kiosk: warn at least 20 seconds ahead, offer more time, then reset to the start screen.
import {at, put} from "house/draw.js";
import {ring} from "house/ring.js";
import {t} from "house/texts.js";

const WARNS_AT = 20;
const LASTS = {ticket: 45, form: 120, out: 60};
const LASTS_ELSEWHERE = 60;
const MORE = 60;

let screen = "";
let whole = LASTS_ELSEWHERE;
let left = whole;
let end = () => {};

export const idle = {
  /** @param {() => void} startAgain called when the time is over */
  onEnd(startAgain) {
    end = startAgain;
    setInterval(tick, 1000);
    for (const sign of ["pointerdown", "keydown", "input"]) document.addEventListener(sign, touched, {passive: true});
  },

  /** The kiosk now shows the screen `name`: restart its timeout. @param {string} name */
  on(name) {
    // the same screen redrawn, perhaps in another language
    if (name === screen) return draw();
    screen = name;
    start(LASTS[name] ?? LASTS_ELSEWHERE);
  },

  /** The customer asked for more time. */
  more() {
    start(Math.max(whole, left + MORE));
  },
};

function start(seconds) {
  whole = left = seconds;
  at(document, "still").close();
  draw();
}

/** A touch restarts the timeout, except on the ticket's screen, which must end in any case. */
function touched() {
  if (screen !== "ticket" && left > WARNS_AT) left = whole;
}

function tick() {
  if (["wait", "welcome", "closed", ""].includes(screen) && !somethingBegun()) return;
  left -= 1;
  if (left <= 0) {
    // forget the screen, so that the next customer's timeout starts afresh even on the same one
    screen = "";
    return end();
  }
  draw();
}

function somethingBegun() {
  const page = document.documentElement;
  return !at(document, "basket").hidden || !at(document, "with-number").hidden || page.dataset.theme === "contrast" || page.dataset.text === "large" || document.body.dataset.lang !== document.body.dataset.first;
}

function draw() {
  const dialog = at(document, "still");
  if (screen === "ticket") {
    ring(at(document, "ring"), left / whole);
    at(document, "ring").classList.toggle("soon", left <= WARNS_AT);
    put(document, "seconds", left);
    put(document, "next", t("kiosk.next_customer", {n: left}));
    return;
  }
  if (left > WARNS_AT) return;
  ring(at(dialog, "still-ring"), left / WARNS_AT);
  put(dialog, "still-seconds", left);
  put(dialog, "still-help", t("kiosk.still_help", {n: left}));
  if (!dialog.open) dialog.showModal();
}
