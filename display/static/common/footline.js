// The foot of a screen: the clock, and "as of 10:42" while the line is down.

import {clock} from "house/clock.js";
import {put} from "house/draw.js";
import {t} from "house/texts.js";

/** What `watch` tells when the line goes and comes back. */
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
