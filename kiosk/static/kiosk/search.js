// Service search by a few letters: English words, Chinese characters, or pinyin initials.
import {at, list, show, stamp} from "house/draw.js";
import {t, tr} from "house/texts.js";
import {go, here} from "kiosk/kiosk/visit.js";
import {initials} from "kiosk/kiosk/initials.js";
import {drawElsewhere, fillService, serviceCard} from "kiosk/kiosk/welcome.js";

const ROWS = ["QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"];

/** @param {HTMLElement} section */
export function drawSearch(section) {
  const letters = at(section, "letters");
  if (!letters.children.length) letters.append(...ROWS.map(row));
  for (const key of letters.querySelectorAll("[data-word]")) key.textContent = t(key.dataset.word);
  const field = at(section, "query");
  field.oninput = () => go("search", {query: field.value});
  if (field.value !== here.query) field.value = here.query;
  const wanted = here.query.trim() ? matches(here.query) : () => false;
  const found = here.picture.services.filter(wanted);
  const elsewhere = (here.picture.elsewhere ?? []).filter(wanted);
  list(at(section, "found"), found.slice(0, 6), (one) => one.key, serviceCard, fillService);
  drawElsewhere(at(section, "found-elsewhere"), elsewhere);
  show(at(section, "none"), Boolean(here.query.trim()) && !found.length && !elsewhere.length);
}

function row(letters, place) {
  const line = document.createElement("div");
  line.append(...[...letters].map((letter) => key(letter, (query) => query + letter)));
  if (place === 2) line.append(key("kiosk.erase", (query) => query.slice(0, -1)), key("kiosk.clear", () => ""));
  return line;
}

function key(label, change) {
  const button = stamp("key");
  if (label.length > 1) button.dataset.word = label;
  button.textContent = label;
  button.addEventListener("click", () => go("search", {query: change(here.query)}));
  return button;
}

/** One letter matches only the start of a word; longer or Chinese queries match anywhere. @param {string} query */
function matches(query) {
  const wanted = query.trim().toLowerCase();
  const anywhere = wanted.length > 1 || /\p{Script=Han}/u.test(wanted);
  const fits = (word) => (anywhere ? word.includes(wanted) : word.startsWith(wanted));
  return ({name, help, where}) => [name, help, where].flatMap(words).some((word) => fits(word) || fits(initials(word)));
}

/** The searchable strings of a text: the whole, and each of its words. @param {Record<string, string>} said */
function words(said) {
  const spoken = tr(said).toLowerCase();
  return [spoken, ...spoken.split(/[^\p{L}\p{N}]+/u)];
}
