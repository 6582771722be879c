// The start screens: the groups of services, one group's services, and the opening hours of a closed hall.
import {clock} from "house/clock.js";
import {at, list, put, show, stamp} from "house/draw.js";
import {listed, t, tr} from "house/texts.js";
import {minutes} from "house/waits.js";
import {go, here} from "kiosk/kiosk/visit.js";

const FEW = 4;

/** @param {HTMLElement} section */
export function drawWelcome(section) {
  put(section, "notice", tr(here.picture.notice));
  show(at(section, "have-number"), !here.visit.number);
  show(at(section, "with-number"), Boolean(here.visit.number));
  put(section, "tail", here.visit.number && t("kiosk.card_with", {tail: here.visit.number.slice(-4)}));
  const groups = here.picture.groups.filter((group) => servicesOf(group).length);
  at(section, "groups").classList.toggle("few", groups.length <= FEW);
  list(at(section, "groups"), groups, (group) => group.key, groupCard, fillGroup);
  drawElsewhere(at(section, "elsewhere"), here.picture.elsewhere ?? []);
}

/** @param {HTMLElement} section */
export function drawGroup(section) {
  const group = here.picture.groups.find((one) => one.key === here.group);
  put(section, "title", tr(group.name));
  list(at(section, "services"), servicesOf(group), (one) => one.key, serviceCard, fillService);
}

/** @param {HTMLElement} section */
export function drawClosed(section) {
  const opens = here.picture.opens_at;
  const today = opens && clock.day(opens) === clock.day(clock.now());
  const blanks = opens && {time: clock.hhmm(opens), day: clock.day(opens)};
  put(section, "opens", opens && t(today ? "kiosk.opens_today" : "kiosk.opens_later", blanks));
  put(section, "notice", tr(here.picture.notice));
}

/** Show where services are offered that this hall lacks. @param {HTMLElement} place @param {object[]} services */
export function drawElsewhere(place, services) {
  list(place, services, (one) => one.key, () => stamp("elsewhere"), (node, one) => {
    put(node, "where", tr(one.where));
  });
  show(place, services.length > 0);
}

/** A card of one service. @param {{key: string}} service */
export function serviceCard(service) {
  const card = stamp("service-card");
  card.firstElementChild.addEventListener("click", () => choose(service.key));
  return card;
}

/** @param {HTMLElement} card @param {object} service */
export function fillService(card, service) {
  fill(card, service.icon, tr(service.name), tr(service.help), service.wait, tr(service.closed_reason));
}

function groupCard(group) {
  const card = stamp("service-card");
  card.firstElementChild.addEventListener("click", () => {
    // looked up again on every tap: the services on offer may have changed
    const services = servicesOf(group);
    if (services.length === 1) choose(services[0].key);
    else go("group", {group: group.key});
  });
  return card;
}

function fillGroup(card, group) {
  const services = servicesOf(group);
  const only = services.length === 1 ? services[0] : null;
  const help = only ? tr(only.help) : listed(services.map((one) => tr(one.name)));
  fill(card, group.icon, tr(group.name), help, widest(services), t("kiosk.no_counter"));
}

function fill(card, icon, name, help, wait, reason) {
  at(card, "icon").setAttribute("name", icon);
  put(card, "name", name);
  put(card, "help", help);
  at(card, "chip").className = wait ? "chip accent" : "chip soon";
  at(card, "chip-icon").setAttribute("name", wait ? "clock" : "circle-pause");
  put(card, "chip-text", wait ? minutes(wait) : reason || t("kiosk.no_counter"));
}

/** The wait range of a group: lowest and highest of its services, so that no service's range is exceeded. */
function widest(services) {
  const waits = services.map((one) => one.wait).filter(Boolean);
  if (!waits.length) return null;
  return {low: Math.min(...waits.map((one) => one.low)), high: Math.max(...waits.map((one) => one.high))};
}

function choose(key) {
  const services = here.visit.services.includes(key) ? here.visit.services : [...here.visit.services, key];
  go("need", {visit: {...here.visit, services}, fault: ""});
}

const servicesOf = (group) => here.picture.services.filter((one) => one.group === group.key);
