// The message catalogue of the page in each of the hall's languages.

/** @typedef {{code: string, name: string, tag: string, voice: string, comma: string, semicolon: string, space: string, day: string, digits: string}} Language */

const given = (id, otherwise) => JSON.parse(document.getElementById(id)?.textContent || otherwise);

/** @type {Record<string, Record<string, Record<string, string>>>} */
const texts = given("texts", "{}");

/** What the hall speaks, its first language first. @type {Language[]} */
export const languages = given("languages", "[]");
let spoken = document.body?.dataset.lang ?? languages[0]?.code ?? "";

/** @returns {string} the code of the language the page speaks now */
export const lang = () => spoken;

/** @returns {Language} what that language says of itself */
export const language = () => languages.find(({code}) => code === spoken) ?? languages[0];

/**
 * The text of a key, "kiosk.take", its {blanks} filled.
 * @param {string} key @param {Record<string, string | number>} [blanks] @param {string} [code] the page's language, or another
 */
export function t(key, blanks = {}, code = spoken) {
  const [table, ...rest] = key.split(".");
  return filled(texts[code]?.[table]?.[rest.join(".")] ?? key, blanks);
}

/** A sentence with its {blanks} filled. @param {string} text @param {Record<string, string | number>} blanks */
export const filled = (text, blanks) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in blanks ? String(blanks[name]) : whole));

/**
 * What the hall says in its languages, in the page's; else in the first language that has it.
 * @param {Record<string, string> | string | null | undefined} said @param {string} [code]
 */
export function tr(said, code = spoken) {
  if (said == null || typeof said === "string") return said ?? "";
  return [code, ...languages.map((each) => each.code)].map((each) => said[each]).find(Boolean) ?? "";
}

/** Names as one list. @param {string[]} names */
export const listed = (names) => names.filter(Boolean).join(language().comma);

/** A number with so many decimals, or fewer where they are 0. @param {number} number @param {number} [digits] @param {number} [least] */
export function decimal(number, digits = 1, least = digits) {
  const shape = {minimumFractionDigits: least, maximumFractionDigits: digits, useGrouping: false};
  return new Intl.NumberFormat(language().tag, shape).format(number);
}

/** Speak another language in place, without loading the page again; `language` tells the page to draw anew. @param {string} code */
export function setLang(code) {
  spoken = code;
  document.documentElement.lang = language().tag;
  document.body.dataset.lang = code;
  translate(document);
  document.dispatchEvent(new Event("language"));
}

/**
 * Put every fixed text below `root` into the page's language: data-t is its key,
 * data-t-label, data-t-hint and data-t-title the key of an attribute.
 * @param {ParentNode} root
 */
export function translate(root) {
  for (const element of root.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of root.querySelectorAll("[data-t-label]")) element.setAttribute("aria-label", t(element.dataset.tLabel));
  for (const element of root.querySelectorAll("[data-t-hint]")) element.setAttribute("placeholder", t(element.dataset.tHint));
  for (const element of root.querySelectorAll("[data-t-title]")) element.setAttribute("title", t(element.dataset.tTitle));
}
