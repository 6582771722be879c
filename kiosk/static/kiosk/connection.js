// Connection state of the kiosk: poll by HTTP while the socket is down, show how old the data are, send customers
// to the reception desk when there is no response, and recover without help.
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
  /** @param {(picture: object) => void} arrive called with every snapshot of the hall */
  start(arrive) {
    take = arrive;
    asking ??= setTimeout(ask, ASK_AGAIN_MS);
  },

  /** The socket is connected again: it sends the next snapshot by itself. */
  back() {
    live = true;
    heard();
  },

  lost() {
    live = false;
    heardWhen = performance.now();
    asking ??= setTimeout(ask, ASK_AGAIN_MS);
  },

  /** Show that the kiosk is out of service and that the reception desk can help. */
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

/** The server responded: return to the screen where the customer was. */
function heard() {
  heardWhen = performance.now();
  put(document, "as-of", "");
  if (here.screen !== "out") return;
  if (here.visit.services.length) go("need");
  else go(here.picture ? (here.picture.open ? "welcome" : "closed") : "wait");
}
