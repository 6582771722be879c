// Rendering a whole picture: clone a <template>, fill its places, reuse nodes by key.
import {translate} from "house/texts.js";

/** @param {string} id of a <template> @returns {HTMLElement} its one element, its fixed texts in the page's language */
export function stamp(id) {
  const copy = document.getElementById(id).content.cloneNode(true);
  translate(copy);
  return copy.firstElementChild;
}

/** The place marked data-at="name" in `root`. @param {ParentNode} root @param {string} name @returns {HTMLElement} */
export const at = (root, name) => root.querySelector(`[data-at="${name}"]`);

/** Write `text` at a place; an empty text hides it. @param {ParentNode} root @param {string} name @param {string | number | null} text */
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
 * Make `parent`'s children one per item, in order: a node whose key stays is kept and filled anew,
 * so that focus and motion survive a new picture.
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
