// Toasts: one line that says what has just happened, and disappears.

const STAYS_MS = 4000;

/** @param {string} text @param {"" | "late"} [kind] */
export function toast(text, kind = "") {
  const place = shelf();
  const line = document.createElement("p");
  line.className = `toast ${kind}`.trim();
  line.textContent = text;
  place.replaceChildren(line);
  // show it above an open dialog too
  if (place.showPopover) {
    if (place.matches(":popover-open")) place.hidePopover();
    place.showPopover();
  }
  setTimeout(() => line.remove(), STAYS_MS);
}

function shelf() {
  let place = document.querySelector(".toasts");
  if (!place) {
    place = document.createElement("div");
    place.className = "toasts";
    place.setAttribute("role", "status");
    place.setAttribute("popover", "manual");
    document.body.append(place);
  }
  return place;
}
