// What a careful eye finds wrong on a page: run in the page, gives a list of sentences.
(least) => {
  const found = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth) found.push(`the page is ${root.scrollWidth} px wide in a window of ${innerWidth}`);

  const seen = (element) => element.checkVisibility({checkOpacity: true, checkVisibilityCSS: true}) && element.getClientRects().length > 0;
  const aside = ".visually-hidden, svg, script, style, template, .js-plotly-plot";
  const open = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  const all = [...open.querySelectorAll("*")].filter((element) => seen(element) && !element.closest(aside));
  const own = (element) => [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join(" ").trim();
  const named = (element) => `<${element.tagName.toLowerCase()} class="${element.className}" data-at="${element.dataset.at ?? ""}"> “${(element.textContent || element.placeholder || "").trim().slice(0, 40)}”`;

  for (const element of all) {
    const words = own(element);
    if (/\b(common|kiosk|phone|wall|window|console|dashboard|sign_in|home|error|refused|reason|story|alert|outlook)\.[a-z_0-9]+\b/.test(words)) found.push(`a key is shown: ${words}`);
    if (/\{\w+\}|undefined|NaN|\[object|\bnull\b/.test(words)) found.push(`not words: ${words}`);
    const style = getComputedStyle(element);
    if (words && style.overflowX !== "visible" && style.overflowX !== "auto" && element.scrollWidth > element.clientWidth + 1) found.push(`cut off: ${named(element)}`);
    if (words && style.overflowY === "hidden" && element.scrollHeight > element.clientHeight + 2) found.push(`cut off below: ${named(element)}`);
    const box = element.getBoundingClientRect();
    if (words && box.width && (box.right > innerWidth + 1 || box.left < -1) && !element.closest("[data-wide]")) found.push(`off the page: ${named(element)}`);
    if (words && !contrasts(element, style)) found.push(`hard to read, ${ratio(element, style).toFixed(1)}:1: ${named(element)}`);
  }

  // an answer is pressed to copy it, which marking it does as well
  for (const element of all.filter((one) => one.matches("button:not(.answer-value), a.button, select, input:not([type=radio]):not([type=checkbox]), summary.button, label.choice, label.place"))) {
    // a label around a field takes its touches too
    const box = (element.closest("label") ?? element).getBoundingClientRect();
    if (box.height < least - 0.5 || box.width < least - 0.5) found.push(`too small to touch, ${Math.round(box.width)}x${Math.round(box.height)}: ${named(element)}`);
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) continue;
    const top = document.elementFromPoint(x, y);
    if (top && !element.contains(top) && !top.contains(element) && !scrolledAway(element, x, y)) found.push(`covered by ${named(top)}: ${named(element)}`);
  }
  for (const element of all.filter((one) => one.matches("button, a.button, .chip"))) {
    const box = element.getBoundingClientRect();
    const out = [...element.querySelectorAll("*")].find((part) => {
      const inner = part.getBoundingClientRect();
      return inner.width > 1 && (inner.left < box.left - 1 || inner.right > box.right + 1) && !part.closest(aside);
    });
    if (out) found.push(`sticks out of its button: ${named(out)}: ${named(element)}`);
  }
  return [...new Set(found)];

  // a list scrolls its lines under its own edge
  function scrolledAway(element, x, y) {
    for (let node = element.parentElement; node; node = node.parentElement) {
      const box = node.getBoundingClientRect();
      if (getComputedStyle(node).overflowY !== "visible" && (y < box.top || y > box.bottom || x < box.left || x > box.right)) return true;
    }
    return false;
  }

  function contrasts(element, style) {
    if (element.closest("[disabled], [aria-disabled=true], .is-quiet")) return true;
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.6 && Number(style.fontWeight) >= 700);
    return ratio(element, style) >= (large ? 3 : 4.5) - 0.05;
  }

  function ratio(element, style) {
    const [ground, sure] = behind(element);
    if (!sure) return 21;
    const ink = over(rgba(style.color), ground);
    const [light, dark] = [luminance(ink), luminance(ground)].sort((one, other) => other - one);
    return (light + 0.05) / (dark + 0.05);
  }

  function behind(element) {
    const layers = [];
    for (let node = element; node; node = node.parentElement) {
      const style = getComputedStyle(node);
      if (style.backgroundImage !== "none") return [null, false];
      const colour = rgba(style.backgroundColor);
      layers.unshift(colour);
      if (colour[3] === 1) break;
    }
    return [layers.reduce((ground, layer) => over(layer, ground), [255, 255, 255, 1]), true];
  }

  function over([r, g, b, a], ground) {
    return [r * a + ground[0] * (1 - a), g * a + ground[1] * (1 - a), b * a + ground[2] * (1 - a), 1];
  }

  function rgba(colour) {
    const canvas = (rgba.canvas ??= new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true}));
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  }

  function luminance([r, g, b]) {
    const [red, green, blue] = [r, g, b].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }
}
