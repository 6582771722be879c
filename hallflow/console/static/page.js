/** Filling several places of a piece at once, and drawing only what changed. */
import {at, put, show} from "house/draw.js";
import {lang} from "house/texts.js";

const drawn = new WeakMap();

/** Write each text at its place; a place without a text is hidden. */
export function write(root, texts) {
  for (const [name, text] of Object.entries(texts)) put(root, name, text);
  return root;
}

/** Show the places that hold, hide the others. */
export function parts(root, places) {
  for (const [name, visible] of Object.entries(places)) show(at(root, name), Boolean(visible));
  return root;
}

/** The lines at a place, made anew. */
export function lines(root, name, items, make) {
  at(root, name).replaceChildren(...items.map(make));
}

/** What there is to say, in one line; a break comes after a dot, never before it. */
export const joined = (...said) => said.filter(Boolean).join("\u00a0· ");

/** Draw only where the data or the language changed: a clerk may be marking an answer there to copy it. */
export function freshen(place, data, draw) {
  const seen = lang() + JSON.stringify(data);
  if (drawn.get(place) === seen) return;
  drawn.set(place, seen);
  draw(place, data);
}
