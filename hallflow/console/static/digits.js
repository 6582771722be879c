/** Digits that choose from a numbered list: one is enough where it can mean only one line, else two within a moment. */

const MOMENT_MS = 900;

/** Give back a function that takes digits and calls `pick(index, sure)` with the line they mean so far. */
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
    // an unsure digit only marks its line: Enter or a second digit decides
    if (more) waiting = setTimeout(() => (typed = ""), MOMENT_MS);
    else typed = "";
    if (index >= 0) pick(index, !more);
  };
}
