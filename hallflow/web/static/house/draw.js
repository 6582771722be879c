// Rendering a whole picture: clone a <template>, fill its places, reuse nodes by key.
import {translate} from "house/texts.js";

/** @param {string} id of a <template> @returns {HTMLElement} a copy of its root element, fixed texts translated */
export function stamp(id) {
  const copy = document.getElementById(id).content.cloneNode(true);
  translate(copy);
  return copy.firstElementChild;
}

/** The placeholder data-at="name" in `root`. @param {ParentNode} root @param {string} name @returns {HTMLElement} */
export const at = (root, name) => root.querySelector(`[data-at="${name}"]`);

/** Write `text` to a placeholder; empty hides it. @param {ParentNode} root @param {string} name @param {string | number | null} text */
export function put(root, name, text) {
  const place = at(root, name);
  const words = text == null ? "" : String(text);
  if (place.textContent !== words) place.textContent = words;
  place.hidden = words === "";
  return place;
}

/** @param {Element | null} element @param {boolean} visible */
export function show(element, visible) {
  if (element) element.hidden = !visible;
}

/**
 * Make `parent`'s children one per item, in order: a node whose key is still present is reused and refilled,
 * so that focus and animations survive a redraw.
 * @template T
 * @param {Element} parent @param {T[]} items @param {(item: T) => string} key
 * @param {(item: T) => HTMLElement} make @param {(node: HTMLElement, item: T) => void} [fill]
 */
export function list(parent, items, key, make, fill = () => {}) {
  const kept = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  const nodes = items.map((item) => {
    const name = key(item);
    const node = kept.get(name) ?? make(item);
    node.dataset.key = name;
    fill(node, item);
    return node;
  });
  nodes.forEach((node, place) => {
    if (parent.children[place] !== node) parent.insertBefore(node, parent.children[place] ?? null);
  });
  while (parent.children.length > nodes.length) parent.lastElementChild.remove();
}
