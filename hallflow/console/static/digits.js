/** Selecting from a numbered list by typing digits: a unique digit selects at once, an ambiguous one waits for a second. */

const MOMENT_MS = 900;

/** Return a function that takes digits and calls `pick(index, sure)` with the item they stand for so far. */
export function digits(numbers, pick) {
  const written = numbers.map(String);
  let typed = "";
  let waiting;
  return (digit) => {
    clearTimeout(waiting);
    typed += digit;
    if (!written.some((number) => number.startsWith(typed))) typed = String(digit);
    const index = written.indexOf(typed);
    const more = written.some((number) => number.length > typed.length && number.startsWith(typed));
    // an ambiguous digit only highlights its item: Enter or a second digit decides
    if (more) waiting = setTimeout(() => (typed = ""), MOMENT_MS);
    else typed = "";
    if (index >= 0) pick(index, !more);
  };
}
