/** A counter's console: receives the hall's snapshots, draws them, sends the clerk's actions. */
import {api} from "house/api.js";
import {at, put} from "house/draw.js";
import {clock} from "house/clock.js";
import {watch} from "house/live.js";
import {lang, t} from "house/texts.js";
import {ask} from "console/ask.js";
import {toBar, toFull} from "console/bar.js";
import {drawDesk} from "console/desk.js";
import {drawHeld} from "console/held.js";
import {help} from "console/help.js";
import {listen} from "console/keys.js";
import {freshen, joined, parts} from "console/page.js";
import {personal} from "console/personal.js";
import {drawPresent} from "console/present.js";
import {presser} from "console/press.js";
import {drawQueue} from "console/queue.js";
import {drawRow} from "console/row.js";
import {hush, say} from "console/sentence.js";
import {tick} from "console/timer.js";
import {drawWho} from "console/who.js";

const page = document.getElementById("console");
const {hall} = document.body.dataset;
const barred = document.body.hasAttribute("data-bar");
const answers = personal();
let path;
let picture = null;
let busy = null;
let onlooking = false;
let off = null;
let press = () => {};

async function begin() {
  const session = await patiently(() => api.get("/session"));
  const counter = document.body.dataset.counter || session.counter;
  if (session.hall !== hall) return expired();
  if (!counter) return location.replace(`/dashboard/${hall}`);
  path = `/halls/${hall}/counters/${counter}`;
  onlooking = session.counter !== counter;
  parts(page, {onlooker: onlooking, row: !onlooking});
  press = presser(path, {
    picture: () => picture, take: takeWhole, refresh, expired,
    busy: (verb) => draw(picture, (busy = verb)),
    say: (sentence, more) => say(page, sentence, more),
    hush: () => hush(page),
  });
  takeWhole(await patiently(() => api.get(path)));
  watch(hall, `console:${counter}`, takeLive, {onLine, onOff, onRefused: expired});
  clock.every(tick);
}

/** Take a snapshot from HTTP: it has the customer's answers; the response to an action has only what changed, so merge it. */
function takeWhole(told) {
  if (picture && told.seq < picture.seq) return;
  const whole = {...picture, ...told};
  answers.keep(whole);
  clock.set(whole.at, whole.pace);
  clock.zone = whole.zone;
  draw(whole);
}

/** Take a snapshot from the socket: it is the same for all viewers, so the customer's answers are merged in here. */
function takeLive(live) {
  if (picture && live.seq < picture.seq) return;
  const {picture: whole, stale} = answers.fill(live);
  if (picture?.serving?.number !== whole.serving?.number) hush(page);
  draw(whole);
  if (stale) refresh();
}

async function refresh() {
  try {
    takeWhole(await api.get(path, {retry: 2}));
  } catch (fault) {
    if (fault.status === 401) expired();
  }
}

function draw(whole) {
  if (!whole) return;
  // a manager only watches; actions are for the clerk signed in at this counter
  picture = onlooking ? {...whole, can: [], primary: null} : whole;
  page.removeAttribute("aria-busy");
  freshen(at(page, "desk"), deskOf(picture), (place) => drawDesk(place, picture));
  freshen(at(page, "queue"), [picture.next, picture.waiting, picture.waiting_hall, picture.can], (place) => drawQueue(place, picture, callOne));
  freshen(at(page, "present"), presentOf(picture), (place) => drawPresent(place, picture));
  freshen(at(page, "who"), picture.serving, (place) => drawWho(place, picture));
  freshen(at(page, "held"), [picture.parked, picture.missed, picture.can], (place) => drawHeld(place, picture, bring));
  freshen(at(page, "verbs"), [picture.row, picture.can, picture.counter.state, busy], (place) => drawRow(place, {picture, busy}, press));
  tick();
}

const deskOf = (whole) => [whole.counter, whole.waiting, whole.waiting_hall, whole.today, whole.serving?.number];
// ignore the growing minutes waited: on their own they are no reason to redraw the customer's answers
const presentOf = (whole) => (whole.serving ? {...whole.serving, waited_minutes: 0} : nobodyOf(whole));
const nobodyOf = (whole) => [whole.counter, whole.next[0], whole.waiting, whole.can];
const callOne = (number) => press("call", {hint: {number}});
const bring = (number) => press("resume", {hint: {number}});

function onLine() {
  // after a disconnection accept whatever the server sends, even with an older sequence number
  if (picture) picture = {...picture, seq: -1};
  off = null;
  parts(page, {as_of_box: false});
}

function onOff(lastAt) {
  const from = lastAt ?? picture?.at;
  off = {lastAt};
  const since = from && t("common.as_of", {time: clock.hhmm(from)});
  put(page, "as_of", barred && since ? since : joined(t("common.line_down"), since));
  parts(page, {as_of_box: true});
}

function expired() {
  const back = `${location.pathname}${location.search}`;
  location.replace(`/sign-in/${hall}?next=${encodeURIComponent(back)}&lang=${lang()}`);
}

/** Repeat the request until it succeeds: without its result the page has nothing to show. */
async function patiently(request) {
  for (;;) {
    try {
      const answer = await request();
      hush(page);
      return answer;
    } catch (fault) {
      if (fault.status === 401) {
        expired();
        return new Promise(() => {});
      }
      say(page, fault.message || t("common.no_contact"));
      await new Promise((done) => setTimeout(done, 3000));
    }
  }
}

const DO = {
  help,
  bar: toBar,
  full: toFull,
  async "sign-out"() {
    const open = picture && !onlooking && picture.counter.state !== "closed";
    if (open && !(await ask({title: t("console.ask_sign_out"), hint: t("console.ask_sign_out_open"), confirm: t("console.sign_out")}))) return;
    await api.delete("/session").catch(() => {});
    location.assign(`/sign-in/${hall}?lang=${lang()}`);
  },
};

document.addEventListener("language", () => {
  const address = new URL(location);
  address.searchParams.set("lang", lang());
  history.replaceState(null, "", address);
  hush(page);
  draw(picture);
  if (off) onOff(off.lastAt);
});
for (const button of document.querySelectorAll("button[data-do]")) button.onclick = () => DO[button.dataset.do]();
listen({press: (...pressed) => press(...pressed), help, picture: () => picture});
begin();
