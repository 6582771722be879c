// The confirmation screen before a number is issued: documents to bring, duration, predicted wait.
import {at, list, put, show, stamp} from "house/draw.js";
import {t, tr} from "house/texts.js";
import {clockTimes, minutes} from "house/waits.js";
import {chosen, go, here} from "kiosk/kiosk/visit.js";

/** @param {HTMLElement} section */
export function drawNeed(section) {
  const services = chosen();
  if (!services.length) return go("welcome", {visit: {...here.visit, services: []}});
  const last = services.at(-1);
  const several = services.length > 1;
  at(section, "icon").setAttribute("name", last.icon);
  put(section, "title", tr(last.name));
  put(section, "help", tr(last.help));
  list(at(section, "facts"), facts(services[0], services), (fact) => fact.icon, () => stamp("fact"), fillFact);
  show(at(section, "together"), several);
  list(at(section, "chosen"), services, (one) => one.key, () => stamp("chosen"), fillChosen);

  const papers = documents(services);
  const none = {name: t("kiosk.nothing_needed"), nothing: true};
  list(at(section, "documents"), papers.length ? papers : [none], (paper) => tr(paper.name), () => stamp("document"), fillDocument);
  put(section, "note", papers.length ? t("kiosk.original_note") : "");
  show(at(section, "offer"), services.some((one) => one.form));
  drawTake(section, services);
}

/** Go one step back: remove the service chosen last. */
export function back() {
  if (here.taking) return;
  go("welcome", {visit: {...here.visit, services: here.visit.services.slice(0, -1)}, fault: ""});
}

/** @param {string} key of a service of the visit */
export function remove(key) {
  const services = here.visit.services.filter((one) => one !== key);
  go(services.length ? "need" : "welcome", {visit: {...here.visit, services}, fault: ""});
}

function drawTake(section, services) {
  const shut = services.some((one) => !one.open);
  const button = at(section, "take");
  button.disabled = shut;
  button.setAttribute("aria-busy", String(Boolean(here.taking)));
  const label = services.length > 1 ? t("kiosk.take_many", {n: services.length}) : t("kiosk.take");
  button.textContent = here.taking ? t("kiosk.taking") : label;
  at(section, "add").disabled = Boolean(here.taking);
  put(section, "fault", here.fault || "");
}

function facts(first, services) {
  const spent = services.reduce((sum, one) => sum + (one.minutes ?? 0), 0);
  const told = [];
  if (first.wait) told.push({icon: "clock", text: minutes(first.wait), more: clockTimes(first.wait), accent: true});
  else told.push({icon: "circle-pause", text: tr(first.closed_reason) || t("kiosk.no_counter"), soon: true});
  told.push({icon: "users", text: first.waiting ? t("common.people", {n: first.waiting}) : t("kiosk.nobody"), more: t("kiosk.in_line")});
  if (spent) told.push({icon: "hourglass", text: t("common.wait_about", {high: Math.round(spent)}), more: t("kiosk.at_counter")});
  return told;
}

function fillFact(node, fact) {
  at(node, "icon").setAttribute("name", fact.icon);
  put(node, "text", fact.text);
  put(node, "more", fact.more);
  node.classList.toggle("accent", Boolean(fact.accent));
  node.classList.toggle("soon", Boolean(fact.soon));
}

function fillChosen(node, service) {
  put(node, "name", tr(service.name));
  put(node, "wait", minutes(service.wait));
  node.querySelector("button").setAttribute("aria-label", t("kiosk.remove", {name: tr(service.name)}));
}

function fillDocument(node, paper) {
  at(node, "icon").setAttribute("name", paper.nothing ? "circle-check" : "square-check");
  put(node, "name", tr(paper.name));
  put(node, "needed", paper.nothing ? "" : t(paper.needed ? "kiosk.needed" : "kiosk.if_applies"));
  at(node, "needed").classList.toggle("accent", Boolean(paper.needed));
}

/** The documents of all chosen services, each once; required if any service requires it. */
function documents(services) {
  const papers = new Map();
  for (const paper of services.flatMap((one) => one.documents ?? [])) {
    const known = papers.get(tr(paper.name));
    papers.set(tr(paper.name), {...paper, needed: paper.needed || Boolean(known?.needed)});
  }
  return [...papers.values()];
}
