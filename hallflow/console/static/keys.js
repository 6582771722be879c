/** The keyboard: every verb on its letter, the primary one on Space too. */
import {VERBS, lead} from "console/verbs.js";
import {asking} from "console/ask.js";
import {asksForHelp, isTyping, letterOf} from "console/keyboard.js";

/** Listen for keys; `press(verb)` does one, `help()` shows them all, `picture()` is what is on the screen. */
export function listen({press, help, picture}) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (asking() || isTyping(event.target)) return;
    if (asksForHelp(event)) return help();
    const verb = picture() && meaning(event, picture());
    if (!verb) return;
    event.preventDefault();
    press(verb, {loose: event.key === " "});
  });
}

function meaning(event, picture) {
  // Space on a focused button presses that button, as everywhere
  if (event.key === " ") return event.target.closest("button, a") ? null : lead(picture);
  const letter = letterOf(event);
  return VERBS.find(({key}) => key === letter)?.verb;
}
