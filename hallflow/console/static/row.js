/** The action buttons: the primary action first and large, each with its keyboard shortcut. */
import {at, stamp} from "house/draw.js";
import {t} from "house/texts.js";
import {icon} from "house/icons.js";
import {write} from "console/page.js";
import {lead, nameOf, row} from "console/verbs.js";

/** Draw the buttons for a snapshot; `busy` is the action whose request is running. */
export function drawRow(place, {picture, busy}, press) {
  const first = lead(picture);
  const buttons = row(picture).map((entry) => ({entry, button: drawVerb(entry, {picture, busy, first}, press)}));
  const those = (wanted) => buttons.filter(({entry}) => wanted(entry)).map(({button}) => button);
  at(place, "lead").replaceChildren(...those(({verb}) => verb === first));
  at(place, "customer").replaceChildren(
    ...those(({verb, ofCounter}) => verb !== first && !ofCounter),
  );
  at(place, "own").replaceChildren(
    ...those(({verb, ofCounter}) => verb !== first && ofCounter),
  );
}

function drawVerb({verb, key, icon: picked}, {picture, busy, first}, press) {
  const button = write(stamp(verb === first ? "lead-verb" : "one-verb"), {label: t(nameOf(verb, picture)), key});
  button.prepend(icon(picked));
  button.dataset.verb = verb;
  button.disabled = !picture.can.includes(verb);
  button.setAttribute("aria-keyshortcuts", verb === first ? `Space ${key}` : key);
  if (busy === verb) button.setAttribute("aria-busy", "true");
  button.onclick = () => {
    // a button that kept the focus would receive the next Space instead of the primary action
    button.blur();
    press(verb, {loose: true});
  };
  return button;
}
