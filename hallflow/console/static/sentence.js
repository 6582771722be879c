/** The one calm line above the verbs: what was refused, or what has not been answered. */
import {at, put, show} from "house/draw.js";
import {t} from "house/texts.js";

/** Say a sentence; `again` offers to send the lost press once more. */
export function say(root, sentence, {again} = {}) {
  put(root, "sentence_text", sentence);
  const button = put(root, "again", again ? t("common.retry") : "");
  button.onclick = again ?? null;
  show(at(root, "sentence"), true);
}

export function hush(root) {
  show(at(root, "sentence"), false);
}
