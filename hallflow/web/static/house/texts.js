// The page's words, in both languages; the page picks.

/** @type {Record<"zh" | "en", Record<string, Record<string, string>>>} */
const texts = JSON.parse(document.getElementById("texts")?.textContent || '{"zh": {}, "en": {}}');
let spoken = document.body?.dataset.lang === "en" || document.documentElement.lang === "en" ? "en" : "zh";

/** @returns {"zh" | "en"} the language the page speaks now */
export const lang = () => spoken;

/**
 * The text of a key, "kiosk.take", its {blanks} filled.
 * @param {string} key @param {Record<string, string | number>} [blanks]
 */
export function t(key, blanks = {}) {
  const [table, ...rest] = key.split(".");
  const text = texts[spoken]?.[table]?.[rest.join(".")] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in blanks ? String(blanks[name]) : whole));
}

/** @param {{zh: string, en: string} | string | null | undefined} said what the hall says in both languages */
export function tr(said) {
  if (said == null) return "";
  return typeof said === "string" ? said : said[spoken] || said.zh || said.en || "";
}

/**
 * Speak the other language in place, without loading the page again.
 * @param {"zh" | "en"} language
 */
export function setLang(language) {
  spoken = language;
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.body.dataset.lang = language;
  translate(document);
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
