/** The status line above the action buttons: an error message, or an action that got no response. */
import {at, put, show} from "house/draw.js";
import {t} from "house/texts.js";

const STAYS_MS = 12000;
let leaving;

/** Show a message for a while; with `again` it stays and offers to resend the unanswered action. */
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
