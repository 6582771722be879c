// The replay of a past day: the player requests moments, embedded pages draw them.

import {again} from "display/replay/rerun.js";
import {player} from "display/replay/player.js";
import {sentToSignIn} from "display/common/sign-in.js";
import {stage} from "display/replay/frames.js";
import {ApiError, api} from "house/api.js";
import {clock} from "house/clock.js";
import {at, put, show} from "house/draw.js";
import {t, tr} from "house/texts.js";

const {hall} = document.body.dataset;
const screens = stage();
const days = at(document, "day");
const slider = at(document, "slider");
const speed = at(document, "speed");
const play = document.querySelector("[data-does=play]");
const rerun = again(hall, refused);
const running = player({ask, shown, stopped});

days.addEventListener("change", () => running.choose(days.value));
slider.addEventListener("input", () => running.seek(Number(slider.value) * 1000));
speed.addEventListener("change", () => running.setSpeed(Number(speed.value)));
play.addEventListener("click", toggle);
addEventListener("keydown", (key) => {
  if (key.key === " " && key.target === document.body) {
    key.preventDefault();
    toggle();
  }
});
for (const view of document.querySelectorAll("[name=view]")) view.addEventListener("change", () => screens.show(view.value));

// dates are the hall's: until the first snapshot brings its zone, use UTC so that none is shifted
clock.zone = "UTC";
const dayWords = (day) => clock.day(`${day}T12:00:00Z`);

begin();

async function begin() {
  try {
    const {days: known, today} = await api.get(`/halls/${hall}/replay/days`);
    show(at(document, "empty"), known.length === 0);
    show(at(document, "player"), known.length > 0);
    show(at(document, "stage"), known.length > 0);
    if (!known.length) return;
    days.replaceChildren(...known.map((day) => new Option(day === today ? `${dayWords(day)} · ${t("replay.today")}` : dayWords(day), day)));
    days.value = known.find((day) => day !== today) ?? today;
    screens.open("dashboard");
    running.setSpeed(Number(speed.value));
    await running.choose(days.value);
  } catch (fault) {
    refused(fault);
  }
}

async function ask(day, moment) {
  const wish = new URLSearchParams({day, ...(moment === null ? {} : {at: new Date(moment).toISOString()})});
  try {
    return await api.get(`/halls/${hall}/replay?${wish}`);
  } catch (fault) {
    refused(fault);
    return null;
  }
}

function shown(picture, moment, isPlaying, pace) {
  clock.zone = picture.zone;
  put(document, "refused", "");
  put(document, "hall-name", `${tr(picture.hall_name)} · ${t("replay.title")}`);
  document.title = `${tr(picture.hall_name)} · ${t("replay.title")}`;
  put(document, "begins", clock.hhmm(picture.begins));
  put(document, "ends", clock.hhmm(picture.ends));
  tick(moment, Date.parse(picture.begins), Date.parse(picture.ends));
  rerun.offer(picture.day, !picture.running);
  screens.draw(picture, isPlaying ? pace : 0);
}

function tick(moment, begins, ends) {
  put(document, "clock", clock.hhmmss(moment));
  slider.max = Math.max(1, Math.round((ends - begins) / 1000));
  slider.value = Math.round((moment - begins) / 1000);
  slider.setAttribute("aria-valuetext", clock.hhmm(moment));
}

function toggle() {
  const isPlaying = running.toggle();
  play.querySelector("h-icon").setAttribute("name", isPlaying ? "pause" : "play");
  put(document, "play", t(isPlaying ? "replay.pause" : "replay.play"));
}

function stopped() {
  play.querySelector("h-icon").setAttribute("name", "play");
  put(document, "play", t("replay.play"));
}

function refused(fault) {
  if (!(fault instanceof ApiError)) throw fault;
  if (!sentToSignIn(fault, hall)) put(document, "refused", fault.message || t("common.fault"));
}
