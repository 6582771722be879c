// The hall's map as CSS grid areas.

/**
 * The rows of a hall's map as CSS grid areas: "c-1" a counter, "hall" the open space. Null without a map, or with one that
 * lacks a counter, as when a counter removed from the plan still serves.
 */
export function mapped(map, counters) {
  const rows = map.map((row) => row.split(" "));
  const placed = new Set(rows.flat());
  if (!rows.length || !counters.every((counter) => placed.has(counter.key))) return null;
  const space = block(rows);
  return rows.map((row, y) => row.map((key, x) => (key !== "." ? `c-${key}` : space.has(`${x} ${y}`) ? "hall" : ".")));
}

// a CSS grid area must be a rectangle: if the empty cells form none, they get no area
function block(rows) {
  const empty = rows.flatMap((row, y) => row.flatMap((key, x) => (key === "." ? [{x, y}] : [])));
  const [xs, ys] = [empty.map(({x}) => x), empty.map(({y}) => y)];
  const size = (Math.max(...xs) - Math.min(...xs) + 1) * (Math.max(...ys) - Math.min(...ys) + 1);
  return new Set(empty.length && size === empty.length ? empty.map(({x, y}) => `${x} ${y}`) : []);
}
