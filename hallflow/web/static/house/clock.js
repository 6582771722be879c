// The hall's clock on this page: set by the server's time in every picture, running on in between.
import {filled, language} from "house/texts.js";

let setAt = Date.now();
let setWhen = performance.now();
let pace = 1;

export const clock = {
  /** The hall's time zone, "Asia/Shanghai"; every time of day is formatted in it. */
  zone: undefined,

  /** @param {string} at time of the snapshot @param {number} [speed] speed factor of a simulated day; 0 stops the clock */
  set(at, speed = 1) {
    const moment = Date.parse(at);
    if (Number.isNaN(moment)) return;
    setAt = moment;
    setWhen = performance.now();
    pace = Number.isFinite(speed) ? speed : 1;
  },

  /** @returns {Date} the hall's current time */
  now: () => new Date(setAt + (performance.now() - setWhen) * pace),

  /** "10:42" @param {string | Date} moment */
  hhmm: (moment) => written(moment, {hour: "2-digit", minute: "2-digit", hourCycle: "h23"}),

  /** "10:42:07" @param {string | Date} moment */
  hhmmss: (moment) => written(moment, {hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23"}),

  /** "11月21日 星期五", "Fri 21 November" @param {string | Date} moment */
  day: (moment) =>
    filled(language().day, {
      date: written(moment, {month: "long", day: "numeric"}),
      weekday: written(moment, {weekday: "long"}),
      weekday_short: written(moment, {weekday: "short"}),
    }),

  /** Whole minutes from `moment` until now, never below 0. @param {string} moment */
  minutesSince: (moment) => Math.max(0, Math.floor((clock.now() - Date.parse(moment)) / 60000)),

  /** Seconds from `moment` until now, never below 0. @param {string} moment */
  secondsSince: (moment) => Math.max(0, Math.floor((clock.now() - Date.parse(moment)) / 1000)),

  /**
   * Call `fn` now and every second. @param {(now: Date) => void} fn
   * @returns {() => void} stop
   */
  every(fn) {
    fn(clock.now());
    const beat = setInterval(() => fn(clock.now()), 1000);
    return () => clearInterval(beat);
  },
};

function written(moment, shape) {
  return new Intl.DateTimeFormat(language().tag, {...shape, timeZone: clock.zone}).format(new Date(moment));
}
