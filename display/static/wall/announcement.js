// The spoken announcement of a call: in the hall's first language, digit by digit, then in each of the others.

/**
 * The sentences of one call in speaking order; two languages with the same sentence give it once.
 * @param {{number: string, counter_name: Record<string, string>}} call
 * @param {{code: string, voice: string, space: string, digits: string}[]} languages
 * @param {(code: string, blanks: {number: string, counter: string}) => string} sentence
 */
export function announcement(call, languages, sentence, {times = 2} = {}) {
  const said = languages.map(({code, voice, space, digits}) => {
    const number = [...call.number].map((sign) => [...digits][sign] ?? sign).join(space);
    return {lang: voice, text: sentence(code, {number, counter: call.counter_name[code]})};
  });
  const [first, ...others] = said.filter(({text}, place) => said.findIndex((other) => other.text === text) === place);
  return [...Array(times).fill(first), ...others];
}

/** Split a name into words and figures, so that a board can draw the figures large. */
export function parts(name) {
  return (name.match(/\d+|\D+/g) ?? []).map((text) => ({
    text: text.trim(),
    figure: /\d/.test(text),
  }));
}
