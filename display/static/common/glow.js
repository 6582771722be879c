// What was called in the last three seconds glows, however often the board is drawn meanwhile.

export const GLOW_MS = 3000;

/** Remembers when each key was first seen; the first board drawn glows nowhere. */
export function glows() {
  const seen = new Map();
  let first = true;
  return {
    /** How long ago each of these keys appeared, in milliseconds: {key: age}. */
    ages(keys, now) {
      for (const key of keys) if (!seen.has(key)) seen.set(key, first ? -Infinity : now);
      for (const key of seen.keys()) if (!keys.includes(key)) seen.delete(key);
      first = false;
      return Object.fromEntries(keys.map((key) => [key, now - seen.get(key)]));
    },
  };
}

/** Let a node glow for what is left of its three seconds. */
export function glow(node, age) {
  if (age >= GLOW_MS) return;
  node.classList.add("is-new");
  node.style.setProperty("--glow-age", `-${age}ms`);
}
