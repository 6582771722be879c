// What a board has heard: every call is spoken once, in the order called, and none is cut off.

const TOO_OLD_MS = 120_000;
const KEPT_KEYS = 200;

/** A board that has just been switched on. */
export const NOTHING = {known: null, waiting: []};

/**
 * Take in the calls of a new picture. The first picture is only learnt: what was called before
 * the board was on is shown, not spoken. After a long silence of the line old calls stay unspoken too.
 */
export function hear(heard, calling, {now, pace = 1}) {
  const keys = calling.map((call) => call.key);
  if (heard.known === null) return {known: keys, waiting: []};
  const fresh = calling
    .filter((call) => !heard.known.includes(call.key) && call.state === "called")
    .filter((call) => (now - Date.parse(call.called_at)) / pace < TOO_OLD_MS)
    .sort((one, other) => Date.parse(one.called_at) - Date.parse(other.called_at));
  // a number called again while it still waits to be spoken is spoken once, at its newer counter
  const recalled = new Set(fresh.map((call) => call.number));
  return {
    known: [...new Set([...heard.known, ...keys])].slice(-KEPT_KEYS),
    waiting: [...heard.waiting.filter((call) => !recalled.has(call.number)), ...fresh],
  };
}

/** The next call to speak, said twice unless others are kept waiting for it. */
export function next(heard) {
  const [call, ...waiting] = heard.waiting;
  const times = waiting.length > 2 ? 1 : 2;
  return {call, times, rest: {...heard, waiting}};
}
