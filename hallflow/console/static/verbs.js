/** What a clerk can do: every verb with its key and its icon. Which of them belong to a moment, the picture says as `row`. */

/** In the order of the row: first what happens to the customer, then what happens to the counter. */
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

/** What this counter is in the middle of. */
export function phase(picture) {
  if (picture.serving) return picture.serving.state === "called" ? "called" : "serving";
  return picture.counter.state === "open" ? "free" : picture.counter.state;
}

/** The verb that Space does: the primary one, or what would be it if it could. */
export function lead(picture) {
  return picture.row[0];
}

/** The row of verbs: what can be done now and what belongs here but cannot, so the row stays still. */
export function row(picture) {
  return VERBS.filter(({verb}) => picture.row.includes(verb));
}

/** The verb's name in the texts; opening a paused counter is going back to work. */
export function nameOf(verb, picture) {
  if (verb === "open" && picture.counter.state === "paused") return "console.verb_back";
  return `console.verb_${verb.replace("-", "_")}`;
}
