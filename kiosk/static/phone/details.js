// The details below the ticket's number: documents to bring, the stages of the visit, its events so far and its next steps.
import {clock} from "house/clock.js";
import {at, list, put, show, stamp} from "house/draw.js";
import {t, tr} from "house/texts.js";
import {clockTimes} from "house/waits.js";

const OPEN = ["booked", "waiting", "called", "parked", "missed"];
const GONE = ["left", "expired"];
const LEGS = {done: "phone.leg_done", "to come": "phone.leg_to_come"};
const MARKS = {waiting: "", called: "now", serving: "now", done: "good", "to come": ""};

export function drawBring(ticket) {
  const papers = OPEN.includes(ticket.state) ? (ticket.documents ?? []) : [];
  show(at(document, "bring"), papers.length > 0);
  list(at(document, "documents"), papers, (paper) => Object.values(paper.name)[0], () => stamp("document"), (node, paper) => {
    put(node, "name", tr(paper.name));
    put(node, "needed", t(paper.needed ? "phone.needed" : "phone.if_applies"));
    at(node, "needed").classList.toggle("accent", Boolean(paper.needed));
  });
}

export function drawLegs(ticket) {
  const legs = ticket.legs ?? [];
  show(at(document, "visit"), legs.length > 1 && !GONE.includes(ticket.state));
  list(at(document, "legs"), legs.map((leg, place) => ({...leg, place})), (leg) => `${leg.place}-${leg.service}`, () => stamp("leg"), (node, leg) => {
    at(node, "mark").className = `mark ${MARKS[leg.state] ?? ""}`;
    put(node, "name", tr(leg.name));
    put(node, "state", t(LEGS[leg.state] ?? `phone.state_${leg.state}`));
  });
}

export function drawStory(ticket) {
  const told = (ticket.story ?? []).map((event, place) => ({...event, key: `${event.at}-${event.kind}-${place}`}));
  if (ticket.state === "waiting" && ticket.wait) told.push({key: "next", coming: true, at: "", text: `${t("phone.story_expected")} ${clockTimes(ticket.wait)}`});
  show(at(document, "story-card"), told.length > 0);
  show(at(document, "story-hint"), ticket.state === "waiting");
  list(at(document, "story"), told, (event) => event.key, () => stamp("event"), (node, event) => {
    put(node, "time", event.at ? clock.hhmm(event.at) : "");
    put(node, "text", tr(event.text));
    node.classList.toggle("coming", Boolean(event.coming));
  });
}
