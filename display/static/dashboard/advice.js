// Today's advice: refetched when a snapshot says that it has changed, accepted or declined with one button.

import {sentToSignIn} from "display/common/sign-in.js";
import {api} from "house/api.js";
import {clock} from "house/clock.js";
import {toast} from "house/toasts.js";
import {t} from "house/texts.js";

/** Follow a hall's advice: `see(picture)` takes each snapshot; `changed()` is called when a redraw is needed. */
export function followAdvice(hall, changed) {
  let known = [];
  let version = null;
  let busy = null;

  async function take(asking) {
    try {
      known = (await asking()).advice;
    } catch (fault) {
      version = null;
      if (!sentToSignIn(fault, hall) && fault.message) toast(fault.message, "late");
    }
    changed();
  }

  async function decide(one, verb) {
    if (busy === one.id) return;
    busy = one.id;
    await take(() => api.post(`/halls/${hall}/advice/${one.id}/${verb}`, {}, {retry: 2}));
    busy = null;
    const now = known.find((other) => other.id === one.id)?.state;
    if (now && now !== "proposed") toast(t(`dashboard.advice_${now}`));
    changed();
  }

  return {
    see({advice}) {
      if (advice === version) return;
      version = advice;
      take(() => api.get(`/halls/${hall}/advice`));
    },
    all: () => known,
    /** Advice in force: first what the manager must decide, then what clerks must do; each in order of proposal, the most useful first. */
    open: () => ["proposed", "accepted"].flatMap((state) => known.filter((one) => one.state === state && Date.parse(one.until) > clock.now()).reverse()),
    accept: (one) => decide(one, "accept"),
    decline: (one) => decide(one, "decline"),
  };
}
