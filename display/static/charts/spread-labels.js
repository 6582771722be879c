// Labels beside the ends of lines, moved just so far that they do not touch.

/** Heights (px) at least `gap` apart, in the order given, as near as may be to those wanted. */
export function apart(wanted, gap) {
  const order = wanted.map((_, place) => place).sort((one, other) => wanted[one] - wanted[other] || other - one);
  // those that would touch stand together, spread around the middle of what they wanted
  const groups = [];
  order.forEach((place, turn) => {
    groups.push({sum: wanted[place] - turn * gap, size: 1});
    while (groups.length > 1 && middle(groups.at(-2)) > middle(groups.at(-1))) {
      const {sum, size} = groups.pop();
      groups.at(-1).sum += sum;
      groups.at(-1).size += size;
    }
  });
  const found = groups.flatMap((group) => Array(group.size).fill(middle(group))).map((height, turn) => height + turn * gap);
  return wanted.map((_, place) => found[order.indexOf(place)]);
}

const middle = ({sum, size}) => sum / size;
