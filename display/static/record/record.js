// The track record: predicted waits compared with actual ones.

import {besides, byHour} from "display/charts/record.js";
import {CONFIG} from "display/charts/look.js";
import {learned} from "display/record/learned.js";
import {plotly} from "display/charts/plotly.js";
import {sentToSignIn} from "display/common/sign-in.js";
import {ApiError, api} from "house/api.js";
import {at, put, show, stamp} from "house/draw.js";
import {decimal, t, tr} from "house/texts.js";

const DAY_MS = 86_400_000;
const ENOUGH = 30;
const {hall} = document.body.dataset;
const asked = new URLSearchParams(location.search);
const days = new URLSearchParams([...asked].filter(([name]) => ["from", "to"].includes(name)));
let record = null;

document.querySelector("[data-does=print]").addEventListener("click", () => print());
addEventListener("resize", () => record && charts());
// paper is narrower than the screen, so the charts must be redrawn before printing
addEventListener("beforeprint", () => record && charts(300));
addEventListener("afterprint", () => record && charts());

learned(hall);
try {
  record = await api.get(`/halls/${hall}/record?${days}`);
  draw();
} catch (fault) {
  if (!(fault instanceof ApiError)) throw fault;
  if (!sentToSignIn(fault, hall)) put(document, "refused", fault.message || t("common.fault"));
}

function draw() {
  document.title = `${tr(record.hall_name)} · ${t("record.title")}`;
  put(document, "hall-name", `${tr(record.hall_name)} · ${t("record.title")}`);
  put(document, "days", record.from === record.to ? record.to : t("record.days", {from: record.from, to: record.to}));
  spans();
  const {overall} = record;
  show(at(document, "empty"), overall.n === 0);
  show(at(document, "body"), overall.n > 0);
  if (!overall.n) return;
  const kept = Math.round(overall.coverage * 100);
  put(document, "lead", t("record.lead", {n: overall.n, kept, promised: Math.round(record.promised * 100)}));
  put(document, "left", record.left ? t("record.left", {n: record.left}) : "");
  at(document, "figures").replaceChildren(...figures(overall));
  for (const group of ["services", "tiers", "loads"]) at(document, group).replaceChildren(...record[group].map((line) => row(group, line)));
  charts();
}

function spans() {
  for (const link of document.querySelectorAll("[data-days]")) {
    const back = Number(link.dataset.days) - 1;
    const from = new Date(Date.parse(today()) - back * DAY_MS).toISOString().slice(0, 10);
    link.href = `?${new URLSearchParams({lang: document.body.dataset.lang, from, to: today()})}`;
    if (record.from === from && record.to === today()) link.setAttribute("aria-current", "page");
  }
}

/** The hall's current date. */
function today() {
  return new Intl.DateTimeFormat("sv-SE", {timeZone: record.zone}).format(new Date(record.at));
}

function figures({n, coverage, width, mae, winkler}) {
  const promised = record.promised;
  const minutes = t("record.minutes");
  const verdict = n < ENOUGH ? ["", "too_few"] : coverage < promised - 0.02 ? ["late", "below"] : ["good", "kept"];
  return [
    figure("coverage", `${Math.round(coverage * 100)}`, "%", t("record.promised", {n: Math.round(promised * 100)}), verdict),
    figure("width", decimal(width), minutes, t("record.width_note")),
    figure("mae", decimal(mae), minutes, t("record.mae_note")),
    figure("winkler", decimal(winkler), minutes, t("record.winkler_note")),
    figure("n", String(n), t("record.people"), t("record.n_note")),
  ];
}

function figure(name, value, unit, goal, verdict) {
  const node = stamp("figure");
  put(node, "label", t(`record.${name}`));
  put(node, "value", value);
  put(node, "unit", unit);
  put(node, "goal", goal);
  put(node, "verdict", verdict && t(`record.${verdict[1]}`)).classList.add(...(verdict?.[0] ? [verdict[0]] : ["plain"]));
  return node;
}

function row(group, line) {
  const node = stamp("row");
  put(node, "name", group === "loads" ? t(`record.load_${line.key}`) : tr(line.name));
  const write = (name, text) => (at(node, name).textContent = text);
  write("n", line.n);
  write("coverage", `${Math.round(line.coverage * 100)} %`);
  at(node, "coverage").classList.toggle("late", line.n >= ENOUGH && line.coverage < record.promised - 0.05);
  for (const name of ["width", "mae", "winkler"]) write(name, decimal(line[name]));
  for (const name of ["typical", "les", "queue"]) write(name, line.beside[name] ? decimal(line.beside[name].mae) : "–");
  return node;
}

async function charts(width) {
  const Plotly = await plotly();
  for (const [name, drawn] of [["beside", besides(record.overall)], ["hours", byHour(record.hours, record.promised)]]) {
    const place = at(document, name);
    Plotly.react(place, drawn.data, {...drawn.layout, height: place.clientHeight, width: width ?? place.clientWidth}, {...CONFIG, responsive: false});
  }
}
