/** Keyboard shortcuts: a letter for every action, and Space for the primary one. */
import {VERBS, lead} from "console/verbs.js";
import {asking} from "console/ask.js";
import {asksForHelp, isTyping, letterOf} from "console/keyboard.js";

/** Listen for keys: `press(verb)` runs an action, `help()` shows the shortcuts, `picture()` gives the current snapshot. */
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
  // Space on a focused button or link activates that element, as in any page
  if (event.key === " ") return event.target.closest("button, a") ? null : lead(picture);
  const letter = letterOf(event);
  return VERBS.find(({key}) => key === letter)?.verb;
}
