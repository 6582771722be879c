// The screen above one counter: the number being served, or why nobody is.

import {footline} from "display/common/footline.js";
import {glow, glows} from "display/common/glow.js";
import {other} from "display/common/other-language.js";
import {clock} from "house/clock.js";
import {at, put} from "house/draw.js";
import {watch} from "house/live.js";
import {t, tr} from "house/texts.js";

const {hall, counter} = document.body.dataset;
const seen = glows();

watch(hall, `window:${counter}`, draw, {...footline(), onRefused: ({message}) => say("refused", "", tr(message))});

function draw({counter, number, ticket_state: ticket}) {
  document.title = tr(counter.name);
  put(document, "name", tr(counter.name));
  put(document, "name-other", other(counter.name));
  if (number) serve(number, ticket);
  else if (counter.state === "paused") pause(counter);
  else if (counter.state === "closed") say("closed", t("window.closed"), t("window.closed_help"));
  else say("free", t("window.free"), t("window.free_help"));
}

function serve(number, ticket) {
  const called = ticket === "called";
  say(called ? "called" : "serving", "", t(called ? "window.called" : "window.serving"));
  put(document, "number", number);
  const ages = seen.ages([`${number} ${ticket}`], performance.now());
  const place = at(document, "panel");
  place.classList.remove("is-new");
  if (called) glow(place, Object.values(ages)[0]);
}

function pause({reason, back_at: back}) {
  const lines = [tr(reason), back && t("window.back_at", {time: clock.hhmm(back)})];
  say("paused", t("window.paused"), lines.filter(Boolean).join(t("window.comma")) || t("window.paused_help"));
}

function say(state, title, help) {
  document.body.dataset.state = state;
  put(document, "number", "");
  put(document, "title", title);
  put(document, "help", help);
}
