// Deduplication of announcements: each call is spoken once, in the order called, and none is interrupted.

const TOO_OLD_MS = 120_000;
const KEPT_KEYS = 200;

/** The state of a board that has just been switched on. */
export const NOTHING = {known: null, waiting: []};

/**
 * Add the calls of a new snapshot. Those of the first snapshot, made before the board was on, are marked
 * as known and not spoken; nor are old calls after a long disconnection.
 */
export function hear(heard, calling, {now, pace = 1}) {
  const keys = calling.map((call) => call.key);
  if (heard.known === null) return {known: keys, waiting: []};
  const fresh = calling
    .filter((call) => !heard.known.includes(call.key) && call.state === "called")
    .filter((call) => (now - Date.parse(call.called_at)) / pace < TOO_OLD_MS)
    .sort((one, other) => Date.parse(one.called_at) - Date.parse(other.called_at));
  // a number recalled while it is still queued is spoken once, at its newer counter
  const recalled = new Set(fresh.map((call) => call.number));
  return {
    known: [...new Set([...heard.known, ...keys])].slice(-KEPT_KEYS),
    waiting: [...heard.waiting.filter((call) => !recalled.has(call.number)), ...fresh],
  };
}

/** The next call to speak; it is repeated unless other calls are waiting. */
export function next(heard) {
  const [call, ...waiting] = heard.waiting;
  const times = waiting.length > 2 ? 1 : 2;
  return {call, times, rest: {...heard, waiting}};
}
