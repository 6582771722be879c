/** The choices on the sign-in page: the hall's counters, free or taken, and the hall itself for its manager. */
import {at, stamp} from "house/draw.js";
import {t, tr} from "house/texts.js";
import {write} from "console/page.js";

/** Draw the choices; `wished` is preselected unless the user has already chosen. */
export function drawPlaces(page, counters, changed, wished) {
  const was = chosen(page) ?? wished ?? remembered(counters);
  const seats = counters.map((counter) => drawPlace({
    key: counter.key,
    name: tr(counter.name),
    state: tr(counter.asked) || t(counter.taken ? "sign_in.taken" : "sign_in.free"),
    taken: counter.taken,
  }, was, changed));
  at(page, "counters").replaceChildren(...seats);
  at(page, "managers").replaceChildren(
    drawPlace({key: "manager", name: t("sign_in.manager"), state: t("sign_in.manager_help")}, was, changed),
  );
}

function drawPlace({key, name, state, taken}, was, changed) {
  const place = write(stamp("place"), {name, state});
  place.classList.toggle("is-taken", Boolean(taken));
  const input = place.querySelector("input");
  input.value = key;
  input.checked = key === was;
  input.onchange = changed;
  return place;
}

/** The key of the chosen counter, "manager", or undefined. */
export const chosen = (page) => page.querySelector('input[name="place"]:checked')?.value;

/** Move the choice with the arrow keys while the PIN's field has the focus; true if it moved. */
export function stepPlaces(page, event) {
  const by = {ArrowDown: 1, ArrowUp: -1}[event.key];
  if (!by) return false;
  event.preventDefault();
  const all = [...page.querySelectorAll('input[name="place"]')];
  const from = all.findIndex((input) => input.checked);
  const to = from < 0 ? 0 : (from + by + all.length) % all.length;
  if (all[to]) all[to].checked = true;
  return Boolean(all[to]);
}

function remembered(counters) {
  const place = localStorage.getItem(`hallflow.place.${document.body.dataset.hall}`);
  return place === "manager" || counters.some(({key}) => key === place) ? place : undefined;
}
