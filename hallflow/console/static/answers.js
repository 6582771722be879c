/** A customer's answer as the clerk reads it, and copies it into another program. */
import {listed, t, tr} from "house/texts.js";
import {toast} from "house/toasts.js";

/** An answer in words: a text, several, yes or no, or a name in each language. */
export function spoken(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return t(value ? "common.yes" : "common.no");
  if (Array.isArray(value)) return listed(value.map(spoken));
  return typeof value === "object" ? tr(value) : String(value);
}

/** Copy the answer at a press. */
export function copyable(button, text) {
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(text);
      toast(t("console.copied"));
    } catch {
      // no clipboard on a plain http page: mark the answer, so that Ctrl+C takes it
      getSelection().selectAllChildren(button);
    }
  };
}
