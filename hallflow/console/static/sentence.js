/** The one calm line above the verbs: what was refused, or what has not been answered. */
import {at, put, show} from "house/draw.js";
import {t} from "house/texts.js";

const STAYS_MS = 12000;
let leaving;

/** Say a sentence for a while; `again` offers to send the lost press once more, for as long as it takes. */
export function say(root, sentence, {again} = {}) {
  clearTimeout(leaving);
  put(root, "sentence_text", sentence);
  const button = put(root, "again", again ? t("common.retry") : "");
  button.onclick = again ?? null;
  show(at(root, "sentence"), true);
  if (!again) leaving = setTimeout(() => hush(root), STAYS_MS);
}

export function hush(root) {
  show(at(root, "sentence"), false);
}
