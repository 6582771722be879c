// Rating after the visit: one to five stars, once.
import {at, list, put, show, stamp} from "house/draw.js";
import {t} from "house/texts.js";

let stars = 0;
let asked = false;

export function drawThanks(ticket) {
  const may = ticket.state === "served" && (ticket.can ?? []).includes("feedback");
  show(at(document, "thanks"), may);
  show(at(document, "thanked"), ticket.state === "served" && asked && !may);
  if (!may) return;
  list(at(document, "stars"), [1, 2, 3, 4, 5], String, star, (node, n) => {
    node.setAttribute("aria-label", t("phone.stars_n", {n}));
    node.setAttribute("aria-checked", String(n === stars));
    node.classList.toggle("lit", n <= stars);
  });
  put(document, "stars-word", stars ? t(`phone.stars_${stars}`) : "");
  show(at(document, "thank"), stars > 0);

  function star(n) {
    const node = stamp("star");
    node.addEventListener("click", () => {
      stars = n;
      drawThanks(ticket);
    });
    return node;
  }
}

/** The body of the rating request; from now on the visit counts as rated. */
export function thanked() {
  asked = true;
  return {stars};
}
