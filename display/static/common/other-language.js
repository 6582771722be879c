// The secondary language of a bilingual label: small text beside the page's own language.

import {lang, languages, tr} from "house/texts.js";

/** A name in the hall's first language other than the page's; empty if both are equal. @param {Record<string, string>} words */
export function other(words) {
  const second = languages.find(({code}) => code !== lang())?.code;
  const said = words?.[second] ?? "";
  return said === tr(words) ? "" : said;
}
