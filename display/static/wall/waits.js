// The predicted waits on the wall: a range per service, or the reason why there is none.

import {other} from "display/common/other-language.js";
import {waitWords} from "display/wall/wait-words.js";
import {at, put, stamp} from "house/draw.js";
import {t, tr} from "house/texts.js";

const PAGE = 9;
const TURN_MS = 10_000;
// names in these scripts are short and wide; names in letters are longer and get a smaller font
const SIGNS = /\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}/u;
let services = [];
let page = 0;

setInterval(() => {
  if (services.length <= PAGE) return;
  page += 1;
  show();
}, TURN_MS);

export function drawWaits(drawn) {
  services = drawn;
  show();
}

// services that do not fit are shown page by page
function show() {
  const pages = Math.max(1, Math.ceil(services.length / PAGE));
  const size = Math.ceil(services.length / pages);
  const from = (page % pages) * size;
  const place = at(document, "waits");
  place.style.setProperty("--rows", size);
  place.replaceChildren(...services.slice(from, from + size).map(row));
}

function row(service) {
  const words = waitWords(service.wait);
  const node = stamp("wait");
  put(node, "letter", service.letter);
  put(node, "name", tr(service.name)).classList.toggle("in-letters", !SIGNS.test(tr(service.name)));
  put(node, "other", other(service.name));
  put(node, "figures", words?.figures);
  put(node, "unit", words && t(`wall.${words.unit}`));
  put(node, "people", words && (service.waiting ? t("wall.people", {n: service.waiting}) : t("wall.nobody")));
  put(node, "reason", words ? "" : reason(service));
  node.classList.toggle("is-closed", !words);
  return node;
}

function reason({open, counters_open: counters, closed_reason: why}) {
  return open && !counters ? t("wall.no_counter") : tr(why);
}
