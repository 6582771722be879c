// The steps of the day's plan, told against what is open now and not against what was open when the plan was made.

/**
 * The steps that change something, each against what is open by then: the first against what is open now, later ones against the
 * step before. With `present` the step of this moment is one of them.
 */
export function nextSteps(steps, open, now, present) {
  let before = open;
  return steps
    .filter(({from, until}) => (present ? Date.parse(until) : Date.parse(from)) > now)
    .map((one) => {
      const change = one.counters - before;
      before = one.counters;
      return {...one, change, due: Date.parse(one.from) <= now};
    })
    .filter(({change}) => change !== 0);
}
