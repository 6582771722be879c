// Grouping of consecutive quarter-hours: by period (busy, normal, quiet), or by the counters they need.

export const QUARTER_MS = 15 * 60_000;

/** Merge consecutive similar quarters: [{from, until, quarters}], moments in ms. */
export function stretches(quarters, alike) {
  const found = [];
  for (const quarter of quarters) {
    const from = Date.parse(quarter.start);
    const last = found.at(-1);
    if (last && last.until === from && alike(last.quarters[0], quarter)) {
      last.quarters.push(quarter);
      last.until = from + QUARTER_MS;
    } else {
      found.push({from, until: from + QUARTER_MS, quarters: [quarter]});
    }
  }
  return found;
}

/** The counters that an outlook advises for a moment (ms), and when it was made; null if it does not cover it. */
export function advisedAt(outlook, now) {
  const quarter = (outlook?.quarters ?? []).find(({start}) => Date.parse(start) <= now && now < Date.parse(start) + QUARTER_MS);
  return quarter ? {counters_advised: quarter.advised, advised_at: outlook.made_at} : null;
}

/** The quarters that have not ended yet. */
export function toCome(quarters, now) {
  return quarters.filter((quarter) => Date.parse(quarter.start) + QUARTER_MS > now);
}

/** Summary of a stretch for the plan's table: expected arrivals, counters, and the reason at its peak. */
export function summary({from, until, quarters}) {
  const peak = quarters.reduce((most, quarter) => (quarter.required > most.required ? quarter : most));
  return {
    from,
    until,
    period: peak.period,
    expected: quarters.reduce((sum, quarter) => sum + quarter.expected, 0),
    required: span(quarters.map((quarter) => quarter.required)),
    advised: span(quarters.map((quarter) => quarter.advised)),
    most: Math.max(...quarters.map((quarter) => quarter.advised)),
    reason: peak.reason,
  };
}

function span(values) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least === most ? String(most) : `${least}–${most}`;
}
