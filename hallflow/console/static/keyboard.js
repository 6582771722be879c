/** The letter of a key press, also while a Chinese input method editor (IME) is active. */

export function letterOf(event) {
  if (/^[a-z]$/i.test(event.key)) return event.key.toUpperCase();
  // an IME reports the key as "Process"; the physical key's code still gives the letter
  return event.key === "Process" && event.code.startsWith("Key") ? event.code.slice(3) : null;
}

export function digitOf(event) {
  if (/^[0-9]$/.test(event.key)) return Number(event.key);
  const place = event.key === "Process" && event.code.match(/^(?:Digit|Numpad)([0-9])$/);
  return place ? Number(place[1]) : null;
}

export const asksForHelp = (event) => event.key === "?" || event.key === "？";

export const isTyping = (target) => target.matches("input, textarea, select, [contenteditable]");
