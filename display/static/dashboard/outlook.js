// Polling the outlook, the forecast for the rest of the day, as often as a new one is made.

import {sentToSignIn} from "display/common/sign-in.js";
import {api} from "house/api.js";
import {clock} from "house/clock.js";

const EVERY_MS = 60_000;
const LEAST_MS = 5000;

/** Call `draw` with each new outlook while the page is visible; return a function that polls at once. */
export function followOutlook(hall, draw) {
  let outlook = null;
  let askedAt = 0;
  let askedWhen = 0;

  async function ask() {
    if (document.hidden) return;
    askedAt = clock.now().getTime();
    askedWhen = performance.now();
    try {
      outlook = await api.get(`/halls/${hall}/outlook`);
      draw(outlook);
    } catch (fault) {
      // without a connection the last outlook stays; the page already shows its time
      sentToSignIn(fault, hall);
    }
  }

  // one minute by the hall's clock; poll sooner while the first outlook is being made
  const due = () => !outlook?.made_at || clock.now() - askedAt >= EVERY_MS;
  clock.every(() => {
    if (performance.now() - askedWhen >= LEAST_MS && due()) ask();
  });
  document.addEventListener("visibilitychange", ask);
  ask();
  return ask;
}
