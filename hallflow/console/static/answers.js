/** The customer's form answers: formatted for the clerk, and copied to the clipboard for use in another program. */
import {listed, t, tr} from "house/texts.js";
import {toast} from "house/toasts.js";

/** Format one answer as text: a string, a list, a yes or no, or a name given in each language. */
export function spoken(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return t(value ? "common.yes" : "common.no");
  if (Array.isArray(value)) return listed(value.map(spoken));
  return typeof value === "object" ? tr(value) : String(value);
}

/** Make the button copy `text` to the clipboard when it is pressed. */
export function copyable(button, text) {
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(text);
      toast(t("console.copied"));
    } catch {
      // on plain HTTP there is no clipboard API: select the answer, so that Ctrl+C copies it
      getSelection().selectAllChildren(button);
    }
  };
}
