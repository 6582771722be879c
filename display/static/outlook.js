// The rest of the day as the hall foresees it, asked for anew as often as it is made.

import {sentToSignIn} from "display/rights.js";
import {api} from "house/api.js";
import {clock} from "house/clock.js";

const MADE_EVERY_MS = 60_000;
const LEAST_MS = 5000;

/** Draw each new outlook, for as long as somebody looks at the page. */
export function followOutlook(hall, draw) {
  let madeAt = null;
  let askedAt = 0;
  let asking = false;

  async function ask() {
    if (asking || document.hidden) return;
    asking = true;
    askedAt = performance.now();
    try {
      const outlook = await api.get(`/halls/${hall}/outlook`);
      if (outlook.made_at !== madeAt) draw(outlook);
      madeAt = outlook.made_at;
    } catch (fault) {
      // without the line the last outlook stays; the page already says as of when
      if (!sentToSignIn(fault, hall)) console.info("no outlook yet", fault.code);
    } finally {
      asking = false;
    }
  }

  const tooOld = () => clock.now() - Date.parse(madeAt ?? 0) >= MADE_EVERY_MS;
  clock.every(() => {
    if (performance.now() - askedAt >= LEAST_MS && tooOld()) ask();
  });
  document.addEventListener("visibilitychange", ask);
  ask();
}
