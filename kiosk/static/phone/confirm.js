// Confirmation dialog before an action that cannot be undone.
import {at, put} from "house/draw.js";
import {t} from "house/texts.js";

/**
 * @param {"leave" | "defer"} what @param {Record<string, string>} [blanks]
 * @returns {Promise<boolean>} whether the customer confirmed
 */
export function sure(what, blanks = {}) {
  const dialog = at(document, "sure");
  put(dialog, "sure-title", t(`phone.${what}_title`, blanks));
  put(dialog, "sure-help", t(`phone.${what}_help`, blanks));
  const yes = put(dialog, "sure-yes", t(`phone.${what}_yes`, blanks));
  yes.className = what === "leave" ? "button danger" : "button primary";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((answer) => {
    yes.onclick = () => dialog.close("yes");
    dialog.querySelector('[data-does="not-sure"]').onclick = () => dialog.close("");
    dialog.onclose = () => answer(dialog.returnValue === "yes");
  });
}
