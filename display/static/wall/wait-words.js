// Formatting a predicted wait as large figures, "10–15", and a unit.

/** {figures, unit} of a wait, unit being the end of a text key; null without a prediction. */
export function waitWords(wait) {
  if (!wait) return null;
  if (wait.high <= 0) return {figures: null, unit: "no_wait"};
  if (wait.low <= 0) return {figures: String(wait.high), unit: "minutes_within"};
  if (wait.low === wait.high) return {figures: String(wait.low), unit: "minutes"};
  return {figures: `${wait.low}–${wait.high}`, unit: "minutes"};
}
