// The issued ticket: shown on the screen, printed, and opened on the phone by QR code.
import {clock} from "house/clock.js";
import {at, put, show} from "house/draw.js";
import {language, t, tr} from "house/texts.js";
import {clockTimes, minutes} from "house/waits.js";
import {here} from "kiosk/kiosk/visit.js";

/** @param {HTMLElement} section */
export function drawTicket(section) {
  const {ticket} = here;
  const picture = `/api/v1/tickets/${ticket.token}/qr.svg`;
  put(section, "number", ticket.number);
  put(section, "service", ticket.legs?.length > 1 ? ticket.legs.map((leg) => tr(leg.name)).join(" → ") : tr(ticket.service_name));
  put(section, "range", minutes(ticket.wait) || "—");
  put(section, "times", clockTimes(ticket.wait));
  put(section, "ahead", ahead(ticket.ahead));
  put(section, "reason", ticket.wait ? "" : tr(ticket.closed_reason));
  show(section.querySelector(".expect"), Boolean(ticket.wait));
  const papers = (ticket.documents ?? []).filter((paper) => paper.needed);
  put(section, "bring", papers.map((paper) => tr(paper.name)).join(language().semicolon));
  show(at(section, "bring-line"), papers.length > 0);
  put(section, "where", tr(ticket.where));
  show(section.querySelector(".where"), Boolean(tr(ticket.where)));
  if (at(section, "qr").getAttribute("src") !== picture) at(section, "qr").src = picture;
  at(section, "qr").alt = t("kiosk.scan");
  show(at(section, "fill"), Boolean(ticket.form));
  drawReceipt(ticket, picture);
}

export function print() {
  window.print();
}

function drawReceipt(ticket, picture) {
  const paper = at(document, "receipt");
  put(paper, "r-hall", tr(ticket.hall_name));
  put(paper, "r-number", ticket.number);
  put(paper, "r-service", (ticket.legs ?? []).map((leg) => tr(leg.name)).join(" → ") || tr(ticket.service_name));
  put(paper, "r-wait", ticket.wait ? `${t("kiosk.wait_label")} ${minutes(ticket.wait)} · ${clockTimes(ticket.wait)}` : "");
  put(paper, "r-where", tr(ticket.where));
  put(paper, "r-time", t("kiosk.printed_at", {time: `${clock.day(ticket.issued_at)} ${clock.hhmm(ticket.issued_at)}`}));
  if (at(paper, "r-qr").getAttribute("src") !== picture) at(paper, "r-qr").src = picture;
}

/** "2 people before you" @param {number | null} people */
function ahead(people) {
  if (people == null) return "";
  return people === 0 ? t("kiosk.ahead_none") : people === 1 ? t("kiosk.ahead_one") : t("kiosk.ahead", {n: people});
}
