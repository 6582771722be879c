// The rest of the day as the hall foresees it, asked for anew as often as it is made.

import {sentToSignIn} from "display/common/sign-in.js";
import {api} from "house/api.js";
import {clock} from "house/clock.js";

const EVERY_MS = 60_000;
const LEAST_MS = 5000;

/** Draw each new outlook, for as long as somebody looks at the page; gives what asks for it at once. */
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
      // without the line the last outlook stays; the page already says as of when
      sentToSignIn(fault, hall);
    }
  }

  // a minute of the hall's time; a hall whose first outlook is still being made is asked sooner
  const due = () => !outlook?.made_at || clock.now() - askedAt >= EVERY_MS;
  clock.every(() => {
    if (performance.now() - askedWhen >= LEAST_MS && due()) ask();
  });
  document.addEventListener("visibilitychange", ask);
  ask();
  return ask;
}
