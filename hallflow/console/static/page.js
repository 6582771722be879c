/** Template helpers of the console: fill several placeholders at once, and redraw only what changed. */
import {at, put, show} from "house/draw.js";
import {lang} from "house/texts.js";

const drawn = new WeakMap();

/** Write each text to its placeholder; a placeholder without a text is hidden. */
export function write(root, texts) {
  for (const [name, text] of Object.entries(texts)) put(root, name, text);
  return root;
}

/** Show the placeholders whose value is truthy, hide the others. */
export function parts(root, places) {
  for (const [name, visible] of Object.entries(places)) show(at(root, name), Boolean(visible));
  return root;
}

/** Replace the children of a placeholder by one element per item. */
export function lines(root, name, items, make) {
  at(root, name).replaceChildren(...items.map(make));
}

/** Join the non-empty texts in one line; a line break may follow a dot, never precede it. */
export const joined = (...said) => said.filter(Boolean).join("\u00a0· ");

/** Redraw only if the data or the language changed: a redraw would clear a selection the clerk made to copy an answer. */
export function freshen(place, data, draw) {
  const seen = lang() + JSON.stringify(data);
  if (drawn.get(place) === seen) return;
  drawn.set(place, seen);
  draw(place, data);
}
