// Accessibility settings for low vision: high contrast and larger text, reset for the next customer.
import {at} from "house/draw.js";

const page = document.documentElement;

export function contrast() {
  press("contrast", page.dataset.theme !== "contrast");
}

export function larger() {
  press("larger", page.dataset.text !== "large");
}

export function plainAgain() {
  press("contrast", false);
  press("larger", false);
}

function press(name, on) {
  if (name === "contrast") page.dataset.theme = on ? "contrast" : "light";
  else if (on) page.dataset.text = "large";
  else delete page.dataset.text;
  at(document, name).setAttribute("aria-pressed", String(on));
}
