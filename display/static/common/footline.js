// The footer of a screen: the clock, and "as of 10:42" while the connection is down.

import {clock} from "house/clock.js";
import {put} from "house/draw.js";
import {t} from "house/texts.js";

/** Keep the clock running; return the callbacks for `watch`: connection lost and restored. */
export function footline() {
  clock.every((now) => put(document, "clock", clock.zone ? clock.hhmm(now) : ""));
  return {
    onOff(lastPictureAt) {
      document.body.dataset.line = "down";
      put(document, "as-of", lastPictureAt ? t("common.as_of", {time: clock.hhmm(lastPictureAt)}) : t("common.line_down"));
    },
    onLine() {
      delete document.body.dataset.line;
      put(document, "as-of", "");
    },
  };
}
