// Entering a card or phone number by keypad or card reader; for privacy the kiosk never shows a name for it.
import {at, put, stamp} from "house/draw.js";
import {t} from "house/texts.js";
import {go, here} from "kiosk/kiosk/visit.js";

const LEAST = 4;
const MOST = 19;
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "erase"];

/** @param {HTMLElement} section */
export function drawKeypad(section) {
  const keys = at(section, "digits");
  if (!keys.children.length) keys.append(...KEYS.map(key));
  for (const button of keys.querySelectorAll("[data-word]")) button.textContent = t(button.dataset.word);
  at(section, "typed").textContent = spaced(here.typed ?? "");
  put(section, "fault", here.fault || "");
}

export function useNumber() {
  if (here.typed.length < LEAST) return go("keypad", {fault: t("kiosk.card_short")});
  go("welcome", {visit: {...here.visit, number: here.typed}, typed: "", fault: ""});
}

function key(name) {
  const button = stamp("key");
  button.textContent = name;
  if (name.length > 1) button.dataset.word = `kiosk.${name}`;
  button.addEventListener("click", () => press(name));
  return button;
}

function press(name) {
  const typed = here.typed ?? "";
  if (name === "clear") go("keypad", {typed: "", fault: ""});
  else if (name === "erase") go("keypad", {typed: typed.slice(0, -1), fault: ""});
  else go("keypad", {typed: (typed + name).slice(0, MOST), fault: ""});
}

// a card reader acts as a keyboard and ends with Enter
document.addEventListener("keydown", (event) => {
  if (here.screen !== "keypad") return;
  if (/^\d$/.test(event.key)) press(event.key);
  else if (event.key === "Backspace") press("erase");
  else if (event.key === "Enter") useNumber();
  else return;
  event.preventDefault();
});

const spaced = (digits) => (/^1\d{0,10}$/.test(digits) ? digits.replace(/^(\d{3})(\d{1,4})?(\d+)?$/, (_, a, b, c) => [a, b, c].filter(Boolean).join(" ")) : digits.replace(/(\d{4})(?=\d)/g, "$1 "));
