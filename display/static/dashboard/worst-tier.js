// Which tier a manager has to hear of, and how it stands by the limit that nobody may pass.

const NEAR = 0.8;

/** The tier past its limit, else the one close to it, else the one of whoever waits longest (`own`); and a word on it. */
export function worstOff(tiers) {
  const longestFirst = [...tiers].sort((one, other) => (other.longest_minutes ?? 0) - (one.longest_minutes ?? 0));
  const past = (share) => longestFirst.find(({longest_minutes: longest, guard_minutes: guard}) => guard && longest > share * guard);
  const over = past(1);
  const near = past(NEAR);
  const tier = over ?? near ?? longestFirst[0];
  const verdict = over ? ["late", "over_guard"] : near ? ["soon", "near_guard"] : ["good", "fine"];
  return {tier, own: tier === longestFirst[0], verdict};
}
