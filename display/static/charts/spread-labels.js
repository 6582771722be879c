// Label placement: shift the labels at line ends by as little as avoids overlap.

/** Heights (px) at least `gap` apart, in the given order, as close as possible to the wanted ones. */
export function apart(wanted, gap) {
  const order = wanted.map((_, place) => place).sort((one, other) => wanted[one] - wanted[other] || other - one);
  // labels that would overlap form a group, centred on the mean of their wanted heights
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
