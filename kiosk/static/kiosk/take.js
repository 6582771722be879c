// Issuing a ticket: idempotent, one per visit, however often the button is touched or the connection fails.
import {api, ApiError} from "house/api.js";
import {clock} from "house/clock.js";
import {lang, t} from "house/texts.js";
import {contact} from "kiosk/kiosk/connection.js";
import {go, here} from "kiosk/kiosk/visit.js";

const TRIES_AGAIN = 2;

export async function take() {
  if (here.taking) return;
  go("need", {taking: true, fault: ""});
  const {visit} = here;
  try {
    const ticket = await api.post(`/halls/${here.hall}/tickets`, wish(visit), {retry: TRIES_AGAIN, key: visit.id});
    clock.set(ticket.at, ticket.pace);
    here.taking = false;
    // ignore the response if the customer has left and the kiosk was reset
    if (here.visit.id === visit.id) go("ticket", {ticket});
  } catch (fault) {
    here.taking = false;
    if (here.visit.id !== visit.id) return;
    if (fault instanceof ApiError && !fault.passing) go("need", {fault: fault.message || t("common.fault")});
    else contact.out();
  }
}

function wish(visit) {
  const asked = {services: visit.services, language: lang(), visit: visit.id};
  // a mobile number of mainland China has eleven digits and begins with 1
  if (/^1\d{10}$/.test(visit.number)) asked.phone = visit.number;
  else if (visit.number) asked.card = visit.number;
  return asked;
}
