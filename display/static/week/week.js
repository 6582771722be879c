// The week ahead: busy and quiet times, measures for them, and the accuracy of past forecasts.

import {CONFIG} from "display/charts/look.js";
import {weekMap} from "display/charts/week.js";
import {plotly} from "display/charts/plotly.js";
import {sentToSignIn} from "display/common/sign-in.js";
import {ApiError, api} from "house/api.js";
import {at, put, show, stamp} from "house/draw.js";
import {language, t, tr} from "house/texts.js";

const DAY_MS = 86_400_000;
const {hall, lang} = document.body.dataset;
const asked = new URLSearchParams(location.search).get("date");
let week = null;

document.querySelector("[data-does=print]").addEventListener("click", () => print());
addEventListener("resize", () => week && chart());
// paper is narrower than the screen, so the charts must be redrawn before printing
addEventListener("beforeprint", () => week && chart(680));
addEventListener("afterprint", () => week && chart());

try {
  week = await api.get(`/halls/${hall}/week${asked ? `?date=${encodeURIComponent(asked)}` : ""}`);
  draw();
} catch (fault) {
  if (!(fault instanceof ApiError)) throw fault;
  if (!sentToSignIn(fault, hall)) put(document, "refused", fault.message || t("common.fault"));
}

function draw() {
  const {days} = week;
  document.title = `${tr(week.hall_name)} · ${t("week.title")}`;
  put(document, "hall-name", `${tr(week.hall_name)} · ${t("week.title")}`);
  put(document, "span", t("week.span", {from: days[0].day, until: days.at(-1).day}));
  put(document, "lead", lead());
  turn("before", -7);
  turn("after", 7);
  at(document, "this").href = `?lang=${lang}`;
  if (days[0].day === week.today) at(document, "this").setAttribute("aria-current", "page");
  const percent = (share) => Math.round(share * 100);
  put(document, "key-quiet", t("week.key_quiet", {n: percent(week.quiet_below)}));
  put(document, "key-normal", t("week.key_normal", {low: percent(week.quiet_below), high: percent(week.busy_above)}));
  put(document, "key-busy", t("week.key_busy", {n: percent(week.busy_above)}));
  at(document, "days").replaceChildren(...days.map(day));
  show(at(document, "body"), true);
  accuracy();
  chart();
}

/** The main finding: the busiest stretch, or that there is none. */
function lead() {
  const all = week.days.flatMap(({stretches}) => stretches);
  const busy = all.filter(({period}) => period === "busy").sort((one, other) => other.load - one.load);
  if (!all.length) return t("week.closed_all");
  return busy.length ? t("week.lead_busy", {n: busy.length, most: tr(busy[0].text)}) : t("week.lead_calm");
}

function turn(name, days) {
  const first = new Date(Date.parse(week.days[0].day) + days * DAY_MS).toISOString().slice(0, 10);
  at(document, name).href = `?${new URLSearchParams({lang, date: first})}`;
}

function day({day: date, weekday, effects, stretches}) {
  const node = stamp("day");
  put(node, "name", `${t(`week.weekday_${weekday}`)} ${date.slice(5)}`);
  put(node, "effects", stretches.length ? effects.map((effect) => tr(effect)).join(language().semicolon) : t("week.closed"));
  at(node, "stretches").replaceChildren(...stretches.map(stretch));
  return node;
}

function stretch({from, until, period, expected, load, plays}) {
  const node = stamp("stretch");
  put(node, "time", `${hhmm(from)}–${hhmm(until)}`);
  put(node, "period", t(`week.${period}`)).dataset.period = period;
  put(node, "why", t("week.why", {customers: Math.round(expected), load: Math.round(load * 100)}));
  at(node, "plays").replaceChildren(
    ...plays.map((words) => {
      const line = document.createElement("li");
      line.textContent = tr(words);
      return line;
    }),
  );
  return node;
}

function accuracy() {
  const told = ["opening", "noon"].filter((made) => week.accuracy?.[made]);
  show(at(document, "no-accuracy"), told.length === 0);
  show(at(document, "accuracy-table"), told.length > 0);
  const percent = (share) => (share == null ? "–" : `${Math.round(share * 100)} %`);
  at(document, "accuracy").replaceChildren(
    ...told.map((made) => {
      const {days, error, usual_error: usual, coverage} = week.accuracy[made];
      const node = stamp("told");
      put(node, "made", t(`week.made_${made}`));
      put(node, "days_told", String(days));
      put(node, "error", percent(error));
      put(node, "usual_error", percent(usual));
      put(node, "coverage", percent(coverage));
      return node;
    }),
  );
}

function hhmm(moment) {
  return new Intl.DateTimeFormat("sv-SE", {timeZone: week.zone, hour: "2-digit", minute: "2-digit"}).format(new Date(moment));
}

async function chart(width) {
  const Plotly = await plotly();
  const place = at(document, "map");
  const wide = width ?? place.clientWidth;
  const drawn = weekMap(week, wide);
  Plotly.react(place, drawn.data, {...drawn.layout, height: place.clientHeight, width: wide}, {...CONFIG, responsive: false});
}
