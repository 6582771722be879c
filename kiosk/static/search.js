// Finding a service by a few letters: English words, Chinese signs, or pinyin initials.
import {at, list, show, stamp} from "house/draw.js";
import {t, tr} from "house/texts.js";
import {go, here} from "kiosk/here.js";
import {initials} from "kiosk/initials.js";
import {fillService, serviceCard} from "kiosk/welcome.js";

const ROWS = ["QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"];

/** @param {HTMLElement} section */
export function drawSearch(section) {
  const letters = at(section, "letters");
  if (!letters.children.length) letters.append(...ROWS.map(row));
  for (const key of letters.querySelectorAll("[data-word]")) key.textContent = t(key.dataset.word);
  const field = at(section, "query");
  field.oninput = () => go("search", {query: field.value});
  if (field.value !== here.query) field.value = here.query;
  const found = here.query.trim() ? here.picture.services.filter(matches(here.query)) : here.picture.services;
  list(at(section, "found"), found.slice(0, 6), (one) => one.key, serviceCard, fillService);
  show(at(section, "none"), !found.length);
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

/** @param {string} query */
function matches(query) {
  const wanted = query.trim().toLowerCase();
  return ({name, help}) =>
    [name, help].some(
      (said) =>
        tr(said).toLowerCase().includes(wanted) ||
        (said?.en ?? "").toLowerCase().split(/\W+/).some((word) => word.startsWith(wanted)) ||
        initials(said?.zh ?? "").includes(wanted),
    );
}
