/** The help dialog: every action with its keyboard shortcut and what it does. */
import {stamp} from "house/draw.js";
import {t} from "house/texts.js";
import {lines, write} from "console/page.js";
import {VERBS} from "console/verbs.js";
import {asksForHelp} from "console/keyboard.js";

const dialog = document.getElementById("ask");

export function help() {
  const form = stamp("help-form");
  const all = [{verb: "primary", key: t("console.space")}, ...VERBS];
  lines(form, "verbs", all, ({verb, key}) => {
    const name = verb.replace("-", "_");
    return write(stamp("help-one"), {key, name: t(`console.verb_${name}`), line: t(`console.help_${name}`)});
  });
  dialog.replaceChildren(form);
  dialog.onclose = null;
  dialog.onkeydown = (event) => {
    event.stopPropagation();
    if (asksForHelp(event)) dialog.close();
  };
  dialog.showModal();
}
