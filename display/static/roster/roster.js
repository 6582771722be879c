// The week's roster: shifts, coverage, gaps; and the request to make one.

import {CONFIG} from "display/charts/look.js";
import {coverChart} from "display/charts/cover.js";
import {plotly} from "display/charts/plotly.js";
import {drawTable} from "display/roster/table.js";
import {gapLine, how, isProven, lead, peopleNotes, telling} from "display/roster/words.js";
import {sentToSignIn} from "display/common/sign-in.js";
import {ApiError, api} from "house/api.js";
import {clock} from "house/clock.js";
import {at, put, show, stamp} from "house/draw.js";
import {t, tr} from "house/texts.js";

const DAY_MS = 86_400_000;
const AGAIN_MS = 2000;
const SHOWN = 6;
const {hall, lang} = document.body.dataset;
const asked = new URLSearchParams(location.search).get("week");
const wish = asked ? `?week=${encodeURIComponent(asked)}` : "";
const make = document.querySelector("[data-does=make]");
let page = null;

document.querySelector("[data-does=print]").addEventListener("click", () => print());
make.addEventListener("click", () => take(() => api.post(`/halls/${hall}/roster`, {week: page.week}, {retry: 2})));
addEventListener("resize", () => page?.roster && chart());
// paper is narrower than the screen, so the charts must be redrawn before printing
addEventListener("beforeprint", () => page?.roster && chart(960));
addEventListener("afterprint", () => page?.roster && chart());

await take(() => api.get(`/halls/${hall}/roster/week${wish}`));

/** Send a request, draw the response, and poll while the worker makes the roster. */
async function take(ask) {
  make.setAttribute("aria-busy", "true");
  try {
    page = await ask();
    put(document, "refused", "");
    draw();
  } catch (fault) {
    if (!(fault instanceof ApiError)) throw fault;
    if (!sentToSignIn(fault, hall)) put(document, "refused", fault.message || t("error.no_contact"));
    // a temporary connection error must not end the polling
    if (!fault.passing || !page) return;
  } finally {
    make.removeAttribute("aria-busy");
  }
  if (page.asked && !page.asked.failed) setTimeout(() => take(() => api.get(`/halls/${hall}/roster/week${wish}`)), AGAIN_MS);
}

function draw() {
  const {roster, asked: making, days} = page;
  clock.zone = page.zone;
  document.title = `${tr(page.hall_name)} · ${t("roster.title")}`;
  put(document, "hall-name", `${tr(page.hall_name)} · ${t("roster.title")}`);
  put(document, "span", t("roster.span", {from: days[0], until: days[6]}));
  turn("before", -7);
  turn("after", 7);
  at(document, "this").href = `?lang=${lang}`;
  if (days.includes(page.today)) at(document, "this").setAttribute("aria-current", "page");
  const busy = Boolean(making) && !making.failed;
  show(at(document, "making"), busy);
  if (busy) {
    at(document, "progress").value = making.days_known + 0.5;
    put(document, "making-words", t(making.days_known < 7 ? "roster.making_days" : "roster.making_people", {n: making.days_known}));
  }
  show(at(document, "failed"), Boolean(making?.failed));
  show(make, page.has_shifts && !page.over && !busy);
  put(document, "make", t(roster ? "roster.make_again" : "roster.make"));
  make.classList.toggle("primary", !roster);
  make.classList.toggle("plain", Boolean(roster));
  show(at(document, "csv"), Boolean(roster));
  at(document, "csv").href = `/api/v1/halls/${hall}/roster?${new URLSearchParams({week: page.week, format: "csv"})}`;
  at(document, "csv").download = `roster-${hall}-${page.week}.csv`;
  show(at(document, "no-history"), page.has_shifts && page.history_days === 0);
  empty(!roster && !busy);
  put(document, "lead", roster ? lead(roster) : "");
  method();
  gaps();
  show(at(document, "table-card"), Boolean(roster?.shifts.length));
  show(at(document, "cover-card"), Boolean(roster?.cover?.length));
  show(at(document, "body"), true);
  show(at(document, "table-note"), Boolean(roster?.people.length));
  if (roster) drawTable(page, hall);
  if (roster?.cover?.length) chart();
}

function empty(nothing) {
  show(at(document, "empty"), nothing);
  const why = !page.has_shifts ? "no_shifts" : page.over ? "over" : page.has_people ? "ready" : "nobody";
  put(document, "empty-what", t(page.has_shifts ? "roster.none" : "roster.cannot"));
  put(document, "empty-help", t(`roster.none_${why}`));
}

function method() {
  show(at(document, "how-line"), Boolean(page.roster));
  if (!page.roster) return;
  const [words, tone] = how(page.roster, page.exact);
  put(document, "how", words).className = `chip ${tone}`;
  put(document, "proof", t(page.roster.covers_proven ? "roster.covers_proven" : "roster.covers_not_proven"));
  put(document, "made-at", t("roster.made_at", {at: `${clock.day(page.roster.made_at)} ${clock.hhmm(page.roster.made_at)}`}));
}

function gaps() {
  const short = page.roster?.short ?? [];
  const notes = page.roster ? peopleNotes(page.roster) : [];
  show(at(document, "gaps-card"), short.length + notes.length > 0);
  put(document, "gaps-note", short.length ? t(isProven(page.roster) ? "roster.gaps_note" : "roster.gaps_found") : "");
  at(document, "people-notes").replaceChildren(...notes.map(line));
  const days = page.days.filter((day) => short.some((one) => one.day === day));
  at(document, "gaps").replaceChildren(
    ...days.map((day) => {
      const {shown, more} = telling(short.filter((one) => one.day === day), SHOWN);
      const node = stamp("gap-day");
      put(node, "name", `${t(`roster.weekday_${weekday(day)}`)} ${day.slice(5)}`);
      at(node, "gaps").replaceChildren(...shown.map((gap) => line(gapLine(gap, page.service_names))), ...(more ? [line(t("roster.gaps_more", {n: more}))] : []));
      return node;
    }),
  );
}

function line(words) {
  const node = document.createElement("li");
  node.textContent = words;
  return node;
}

function weekday(day) {
  return (new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7;
}

function turn(name, days) {
  const week = new Date(Date.parse(page.week) + days * DAY_MS).toISOString().slice(0, 10);
  at(document, name).href = `?${new URLSearchParams({lang, week})}`;
}

async function chart(width) {
  const Plotly = await plotly();
  const place = at(document, "cover");
  const wide = width ?? place.clientWidth;
  const drawn = coverChart(page, wide);
  Plotly.react(place, drawn.data, {...drawn.layout, height: place.clientHeight, width: wide}, {...CONFIG, responsive: false});
}
