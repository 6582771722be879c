// In contact with the hall or not: say so, send people to the desk, and come back alone.
import {api} from "house/api.js";
import {clock} from "house/clock.js";
import {put} from "house/draw.js";
import {t} from "house/texts.js";
import {go, here} from "kiosk/here.js";

const GRACE_MS = 8000;
const ASK_AGAIN_MS = 5000;
let patience;
let asking;

export const contact = {
  /** The live line is down: what is shown grows old; after a grace nobody new may start. */
  lost(lastAt) {
    if (lastAt) put(document, "as-of", `${t("common.line_down")} · ${t("common.as_of", {time: clock.hhmm(lastAt)})}`);
    clearTimeout(patience);
    patience = setTimeout(() => {
      if (["wait", "welcome", "closed"].includes(here.screen)) contact.out();
    }, GRACE_MS);
  },

  /** The hall answers again: go on where the customer was. */
  back() {
    clearTimeout(patience);
    clearInterval(asking);
    put(document, "as-of", "");
    if (here.screen !== "out") return;
    if (here.visit.services.length) go("need");
    else go(here.picture?.open === false ? "closed" : here.picture ? "welcome" : "wait");
  },

  /** Nothing can be done here: the desk can. Asks the hall until it answers. */
  out() {
    go("out");
    clearInterval(asking);
    asking = setInterval(async () => {
      const picture = await api.get(`/halls/${here.hall}`).catch(() => null);
      if (!picture) return;
      here.picture = picture;
      contact.back();
    }, ASK_AGAIN_MS);
  },
};
