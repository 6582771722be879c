// The hall's other language, small beside the main one.

import {lang} from "house/texts.js";

/** A {"zh","en"} in the language this page does not speak; empty where both say the same. */
export function other(words) {
  const second = words?.[lang() === "zh" ? "en" : "zh"] ?? "";
  return second === words?.[lang()] ? "" : second;
}
