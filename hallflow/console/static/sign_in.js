/** The sign-in page: choose a counter or the hall, enter the PIN, continue to the page first asked for. */
import {api} from "house/api.js";
import {at, put} from "house/draw.js";
import {lang, t, tr} from "house/texts.js";
import {keypad} from "console/keypad.js";
import {chosen, drawPlaces, stepPlaces} from "console/places.js";

const page = document.getElementById("sign-in");
const form = at(page, "form");
const pin = at(page, "pin");
const {hall, next} = document.body.dataset;
let counters = [];
let name;
let busy = false;
let until = 0;

async function begin() {
  for (;;) {
    try {
      const [found, seats] = await Promise.all([api.get(`/halls/${hall}`), api.get(`/halls/${hall}/counters`)]);
      name = found.name;
      ({counters} = seats);
      return draw();
    } catch (fault) {
      fail(fault.message || t("common.no_contact"));
      if (fault.status === 404) return;
      await new Promise((done) => setTimeout(done, 3000));
      fail("");
    }
  }
}

function draw() {
  put(page, "hall", tr(name));
  document.title = [t("sign_in.title"), tr(name)].join(" · ");
  // pages outside the console belong to the manager
  drawPlaces(page, counters, changed, next && !next.startsWith("/console/") ? "manager" : undefined);
  changed();
}

/** The PIN belongs to the chosen counter or hall: changing the choice clears it. */
function changed() {
  const place = chosen(page);
  const seat = counters.find((one) => one.key === place);
  put(page, "who", !place ? t("sign_in.pin") : place === "manager" ? t("sign_in.pin_manager") : t("sign_in.pin_at", {counter: tr(seat?.name)}));
  fail("");
  pin.focus();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const place = chosen(page);
  if (busy || Date.now() < until) return;
  if (!place) return fail(t("sign_in.choose"));
  if (!pin.value) return fail(t("sign_in.no_pin"));
  wait(true);
  try {
    const counter = place === "manager" ? {} : {counter: place};
    const session = await api.post("/session", {hall, pin: pin.value, ...counter});
    localStorage.setItem(`hallflow.place.${hall}`, place);
    location.assign(wayOn(session));
  } catch (fault) {
    wait(false);
    pin.value = "";
    refused(fault);
    pin.focus();
  }
});

function wayOn({role}) {
  const home = role === "manager" ? `/dashboard/${hall}` : `/console/${hall}`;
  const address = new URL(next || home, location.origin);
  if (address.origin !== location.origin) return home;
  address.searchParams.set("lang", lang());
  return `${address.pathname}${address.search}${address.hash}`;
}

function refused(fault) {
  if (fault.status === 429) return countDown(Math.max(1, Math.ceil(fault.afterSeconds || 30)));
  if (fault.status === 0) return fail(t("common.no_contact"));
  if (fault.status === 401 || fault.status === 403) return fail(fault.message || t("sign_in.wrong"));
  fail(fault.message || t("common.fault"));
}

/** After too many wrong PINs: show the remaining lockout time, and when it has ended. */
function countDown(seconds) {
  until = Date.now() + seconds * 1000;
  at(page, "enter").disabled = true;
  const beat = () => {
    const left = Math.ceil((until - Date.now()) / 1000);
    if (left > 0) return fail(t("sign_in.too_often", {n: left}));
    clearInterval(running);
    at(page, "enter").disabled = false;
    fail("");
  };
  const running = setInterval(beat, 500);
  beat();
}

function wait(on) {
  busy = on;
  at(page, "enter").setAttribute("aria-busy", on);
}

function fail(sentence) {
  at(page, "fault").textContent = sentence;
  pin.setAttribute("aria-invalid", Boolean(sentence));
}

document.addEventListener("language", () => {
  const address = new URL(location);
  address.searchParams.set("lang", lang());
  history.replaceState(null, "", address);
  draw();
});
keypad(at(page, "keypad"), pin, () => fail(""));
pin.addEventListener("input", () => Date.now() >= until && fail(""));
pin.addEventListener("keydown", (event) => stepPlaces(page, event) && changed());
begin();
