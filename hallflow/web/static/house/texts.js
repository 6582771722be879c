// The message catalogue of the page in each of the hall's languages.

/** @typedef {{code: string, name: string, tag: string, voice: string, comma: string, semicolon: string, space: string, day: string, digits: string}} Language */

const given = (id, otherwise) => JSON.parse(document.getElementById(id)?.textContent || otherwise);

/** @type {Record<string, Record<string, Record<string, string>>>} */
const texts = given("texts", "{}");

/** The hall's languages, its first one first. @type {Language[]} */
export const languages = given("languages", "[]");
let spoken = document.body?.dataset.lang ?? languages[0]?.code ?? "";

/** @returns {string} code of the page's current language */
export const lang = () => spoken;

/** @returns {Language} properties of that language */
export const language = () => languages.find(({code}) => code === spoken) ?? languages[0];

/**
 * The text of a key, "kiosk.take", its {blanks} filled in.
 * @param {string} key @param {Record<string, string | number>} [blanks] @param {string} [code] by default the page's language
 */
export function t(key, blanks = {}, code = spoken) {
  const [table, ...rest] = key.split(".");
  return filled(texts[code]?.[table]?.[rest.join(".")] ?? key, blanks);
}

/** A text with its {blanks} filled in. @param {string} text @param {Record<string, string | number>} blanks */
export const filled = (text, blanks) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in blanks ? String(blanks[name]) : whole));

/**
 * The text of a {language: text} mapping in the page's language, else in the first language that has one.
 * @param {Record<string, string> | string | null | undefined} said @param {string} [code]
 */
export function tr(said, code = spoken) {
  if (said == null || typeof said === "string") return said ?? "";
  return [code, ...languages.map((each) => each.code)].map((each) => said[each]).find(Boolean) ?? "";
}

/** Join names to a list. @param {string[]} names */
export const listed = (names) => names.filter(Boolean).join(language().comma);

/** A number with up to `digits` decimals, at least `least`. @param {number} number @param {number} [digits] @param {number} [least] */
export function decimal(number, digits = 1, least = digits) {
  const shape = {minimumFractionDigits: least, maximumFractionDigits: digits, useGrouping: false};
  return new Intl.NumberFormat(language().tag, shape).format(number);
}

/** Change the page's language without a reload; the event `language` makes the page redraw. @param {string} code */
export function setLang(code) {
  spoken = code;
  document.documentElement.lang = language().tag;
  document.body.dataset.lang = code;
  translate(document);
  document.dispatchEvent(new Event("language"));
}

/**
 * Translate every fixed text below `root`: data-t is its key,
 * data-t-label, data-t-hint and data-t-title are the keys of attributes.
 * @param {ParentNode} root
 */
export function translate(root) {
  for (const element of root.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of root.querySelectorAll("[data-t-label]")) element.setAttribute("aria-label", t(element.dataset.tLabel));
  for (const element of root.querySelectorAll("[data-t-hint]")) element.setAttribute("placeholder", t(element.dataset.tHint));
  for (const element of root.querySelectorAll("[data-t-title]")) element.setAttribute("title", t(element.dataset.tTitle));
}
