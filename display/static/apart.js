// Labels beside the ends of lines, moved just so far that they do not touch.

/** Heights (px) at least `gap` apart, in the order given, as near as may be to those wanted. */
export function apart(wanted, gap) {
  const order = wanted.map((_, place) => place).sort((one, other) => wanted[one] - wanted[other] || other - one);
  const found = [...wanted];
  for (let turn = 1; turn < order.length; turn += 1) {
    const [below, above] = [order[turn - 1], order[turn]];
    const missing = gap - (found[above] - found[below]);
    if (missing > 0) {
      found[above] += missing / 2;
      found[below] -= missing / 2;
    }
  }
  return found;
}
