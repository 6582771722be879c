// A hall's map from its plan, as the areas of a grid.

/**
 * The rows of a hall's map as CSS names its areas: "c-1" a counter, "hall" the open space. Null without a map; one that does not
 * know every counter, as while a dropped one still serves, is none.
 */
export function mapped(map, counters) {
  const rows = map.map((row) => row.split(" "));
  const placed = new Set(rows.flat());
  if (!rows.length || !counters.every((counter) => placed.has(counter.key))) return null;
  const space = block(rows);
  return rows.map((row, y) => row.map((key, x) => (key !== "." ? `c-${key}` : space.has(`${x} ${y}`) ? "hall" : ".")));
}

// an area of CSS is a rectangle: where the empty places are none, nothing is written into them
function block(rows) {
  const empty = rows.flatMap((row, y) => row.flatMap((key, x) => (key === "." ? [{x, y}] : [])));
  const [xs, ys] = [empty.map(({x}) => x), empty.map(({y}) => y)];
  const size = (Math.max(...xs) - Math.min(...xs) + 1) * (Math.max(...ys) - Math.min(...ys) + 1);
  return new Set(empty.length && size === empty.length ? empty.map(({x, y}) => `${x} ${y}`) : []);
}
