/** The row of verbs: the next sensible one first and large, each with its key. */
import {at, stamp} from "house/draw.js";
import {t} from "house/texts.js";
import {icon} from "house/icons.js";
import {write} from "console/page.js";
import {lead, nameOf, row} from "console/verbs.js";

/** Draw the row for a picture; `busy` is the verb whose request runs. */
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
    // a button that keeps the focus would answer the next Space in place of the primary verb
    button.blur();
    press(verb, {loose: true});
  };
  return button;
}
