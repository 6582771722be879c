// In contact with the hall or not: ask it while the live line is down, say how old the page is,
// send people to the desk when nothing answers, and come back alone.
import {api} from "house/api.js";
import {clock} from "house/clock.js";
import {put} from "house/draw.js";
import {t} from "house/texts.js";
import {go, here} from "kiosk/kiosk/visit.js";

const GRACE_MS = 8000;
const ASK_AGAIN_MS = 4000;
let live = false;
let asking = null;
let heardWhen = performance.now();
let take = () => {};

export const contact = {
  /** @param {(picture: object) => void} arrive what to do with every picture of the hall */
  start(arrive) {
    take = arrive;
    asking ??= setTimeout(ask, ASK_AGAIN_MS);
  },

  /** The live line speaks: the next picture comes by itself. */
  back() {
    live = true;
    heard();
  },

  lost() {
    live = false;
    heardWhen = performance.now();
    asking ??= setTimeout(ask, ASK_AGAIN_MS);
  },

  /** Nothing can be done here just now: the desk can. */
  out() {
    go("out");
    asking ??= setTimeout(ask, ASK_AGAIN_MS);
  },
};

async function ask() {
  const picture = await api.get(`/halls/${here.hall}`).catch(() => null);
  asking = null;
  if (picture) {
    clock.set(picture.at, picture.pace);
    clock.zone = picture.zone;
    take(picture);
    heard();
  } else {
    const at = here.picture?.at;
    put(document, "as-of", at ? `${t("common.line_down")} · ${t("common.as_of", {time: clock.hhmm(at)})}` : "");
    const idle = ["wait", "welcome", "closed"].includes(here.screen);
    if (idle && performance.now() - heardWhen > GRACE_MS) return contact.out();
  }
  if (!live || here.screen === "out") asking ??= setTimeout(ask, ASK_AGAIN_MS);
}

/** The hall answers: go on where the customer was. */
function heard() {
  heardWhen = performance.now();
  put(document, "as-of", "");
  if (here.screen !== "out") return;
  if (here.visit.services.length) go("need");
  else go(here.picture ? (here.picture.open ? "welcome" : "closed") : "wait");
}
