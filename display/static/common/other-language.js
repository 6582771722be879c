// The hall's second language, small beside the page's own.

import {lang, languages, tr} from "house/texts.js";

/** A name in the hall's first language that this page does not speak; empty where both say the same. @param {Record<string, string>} words */
export function other(words) {
  const second = languages.find(({code}) => code !== lang())?.code;
  const said = words?.[second] ?? "";
  return said === tr(words) ? "" : said;
}
