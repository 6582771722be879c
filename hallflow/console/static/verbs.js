/** The table of a clerk's actions (verbs) with key and icon; the snapshot's `row` says which of them to show. */

/** In the order of the buttons: actions on the customer first, then actions on the counter. */
export const VERBS = [
  {verb: "call-next", key: "N", icon: "megaphone"},
  {verb: "arrived", key: "A", icon: "user-check"},
  {verb: "finish", key: "F", icon: "check"},
  {verb: "recall", key: "R", icon: "bell-ring"},
  {verb: "miss", key: "M", icon: "user-x"},
  {verb: "requeue", key: "Q", icon: "list-end"},
  {verb: "add-service", key: "D", icon: "list-plus"},
  {verb: "park", key: "P", icon: "circle-pause"},
  {verb: "transfer", key: "T", icon: "arrow-right-left"},
  {verb: "resume", key: "U", icon: "rotate-ccw"},
  {verb: "call", key: "C", icon: "hash"},
  {verb: "start", key: "S", icon: "play"},
  {verb: "walk-in", key: "W", icon: "user-plus"},
  {verb: "open", key: "O", icon: "door-open", ofCounter: true},
  {verb: "pause", key: "B", icon: "coffee", ofCounter: true},
  {verb: "close", key: "X", icon: "door-closed", ofCounter: true},
];

/** The phase of the counter's work: what it is doing now. */
export function phase(picture) {
  if (picture.serving) return picture.serving.state === "called" ? "called" : "serving";
  return picture.counter.state === "open" ? "free" : picture.counter.state;
}

/** The action that Space runs: the primary one, or the disabled one in its place. */
export function lead(picture) {
  return picture.row[0];
}

/** The actions to show: the available ones and the disabled ones of this phase, so that buttons keep their places. */
export function row(picture) {
  return VERBS.filter(({verb}) => picture.row.includes(verb));
}

/** The text key of an action's name; opening a paused counter is named as a return to work. */
export function nameOf(verb, picture) {
  if (verb === "open" && picture.counter.state === "paused") return "console.verb_back";
  return `console.verb_${verb.replace("-", "_")}`;
}
