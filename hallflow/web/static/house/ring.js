// A progress ring: how much of a time is left or gone, with the figure inside it.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Draw `share` (0 to 1) on an element of class "ring".
 * @param {HTMLElement} element @param {number} share
 */
export function ring(element, share) {
  if (!element.querySelector("svg")) element.prepend(circles());
  element.style.setProperty("--share", String(Math.min(1, Math.max(0, share))));
}

function circles() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 100 100");
  svg.setAttribute("aria-hidden", "true");
  for (const name of ["track", "arc"]) {
    const circle = document.createElementNS(SVG, "circle");
    circle.setAttribute("class", name);
    circle.setAttribute("cx", "50");
    circle.setAttribute("cy", "50");
    circle.setAttribute("r", "45");
    circle.setAttribute("pathLength", "1");
    svg.append(circle);
  }
  return svg;
}
