// The home page: each hall's state, queue and waits.
import {api, ApiError} from "house/api.js";
import {t} from "house/texts.js";
import {minutes} from "house/waits.js";

const ASK_AGAIN_MS = 15000;

async function look() {
  try {
    const {halls} = await api.get("/halls");
    for (const place of document.querySelectorAll("[data-glance]")) {
      draw(place, halls.find((hall) => hall.key === place.dataset.glance));
    }
  } catch (fault) {
    // the links below work without the status
    if (!(fault instanceof ApiError)) throw fault;
  }
  setTimeout(look, ASK_AGAIN_MS);
}

function draw(place, hall) {
  if (!hall) return;
  const told = [chip(t(hall.open ? "common.open" : "common.closed"), hall.open ? "good" : "")];
  if (hall.open) told.push(chip(t("home.waiting", {n: hall.waiting}), ""));
  if (hall.open && hall.wait) told.push(chip(minutes(hall.wait), "accent"));
  place.replaceChildren(...told);
}

function chip(words, kind) {
  const node = document.createElement("span");
  node.className = `chip ${kind}`.trim();
  node.textContent = words;
  return node;
}

look();
