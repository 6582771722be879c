// Highlight of new calls: each glows for three seconds, unaffected by redraws.

export const GLOW_MS = 3000;

/** Make a memory of when each key was first seen; keys of the first drawing do not glow. */
export function glows() {
  const seen = new Map();
  let first = true;
  return {
    /** Time since each of these keys appeared, in milliseconds: {key: age}. */
    ages(keys, now) {
      for (const key of keys) if (!seen.has(key)) seen.set(key, first ? -Infinity : now);
      for (const key of seen.keys()) if (!keys.includes(key)) seen.delete(key);
      first = false;
      return Object.fromEntries(keys.map((key) => [key, now - seen.get(key)]));
    },
  };
}

/** Make an element glow for the rest of its three seconds. */
export function glow(node, age) {
  if (age >= GLOW_MS) return;
  node.classList.add("is-new");
  node.style.setProperty("--glow-age", `-${age}ms`);
}
