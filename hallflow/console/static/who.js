/** The customer's details: tier, wait compared with the promise, why it is their turn, the stages of the visit, the note. */
import {at, stamp} from "house/draw.js";
import {language, languages, t, tr} from "house/texts.js";
import {clockTimes, minutes} from "house/waits.js";
import {joined, lines, parts, write} from "console/page.js";

const LEG_ICONS = {done: "circle-check", served: "circle-check", serving: "circle-dot", called: "circle-dot"};

export function drawWho(place, {serving, counter, counters}) {
  place.replaceChildren(serving ? card(serving, counters.filter(({key}) => key !== counter.key)) : stamp("who-nobody"));
}

function card(serving, others) {
  const whole = write(stamp("who-customer"), {
    tier: tr(serving.tier_name),
    language: serving.language ? t("console.speaks", {language: named(serving.language)}) : "",
    note: tr(serving.note),
    recovery: tr(serving.recovery),
    waited: t("common.minutes", {n: Math.round(serving.waited_minutes)}),
    reason: tr(serving.reason),
  });
  whole.style.setProperty("--tier", serving.tier_color);
  const foreign = serving.language && serving.language !== languages[0].code;
  at(whole, "language").classList.toggle("accent", Boolean(foreign));
  parts(whole, {note_box: serving.note, recovery_box: serving.recovery, promise_box: serving.promise, legs_box: (serving.legs ?? []).length > 1});
  if (serving.promise) drawPromise(whole, serving);
  lines(whole, "legs", serving.legs ?? [], (leg) => drawLeg(leg, others));
  return whole;
}

/** A language's name, written in the page's language. */
const named = (code) => new Intl.DisplayNames(language().tag, {type: "language"}).of(code);

function drawPromise(whole, {promise, promise_kept: kept, waited_minutes: waited}) {
  const late = Math.max(1, Math.round(waited - promise.high));
  write(whole, {
    promise: minutes(promise),
    around: clockTimes(promise),
    kept: kept === null ? "" : kept ? t("console.promise_kept") : t("console.promise_late", {n: late}),
  });
  at(whole, "kept").className = `promise-kept mark ${kept ? "good" : "late"}`;
}

function drawLeg({service, name, state, counter}, others) {
  const seat = others.find((one) => one.key === counter);
  const line = write(stamp("leg"), {
    service: tr(name ?? service),
    state: joined(t(`console.leg_${state.replace(" ", "_")}`), seat && tr(seat.name)),
  });
  line.dataset.state = state;
  line.querySelector("h-icon").setAttribute("name", LEG_ICONS[state] ?? "circle");
  return line;
}
