// Animated numbers: a changed figure counts up or down to its new value.

const COUNT_MS = 600;
const still = matchMedia("(prefers-reduced-motion: reduce)");

/** Animate `place` from the number it shows to `value`, formatted by `write`. */
export function count(place, value, write = String) {
  const from = Number(place.dataset.value ?? NaN);
  if (from === value && place.textContent) return;
  place.dataset.value = value;
  if (Number.isNaN(from) || still.matches || document.hidden) {
    place.textContent = write(value);
    return;
  }
  const start = performance.now();
  requestAnimationFrame(function step(now) {
    // a newer value has started its own animation
    if (Number(place.dataset.value) !== value) return;
    // a frame may carry a timestamp from before the animation started
    const share = Math.min(1, Math.max(0, now - start) / COUNT_MS);
    place.textContent = write(Math.round(from + (value - from) * (1 - (1 - share) ** 3)));
    if (share < 1) requestAnimationFrame(step);
  });
}
