// The player: a moment of a day that runs at a chosen speed, and the picture of it, one asked for at a time.

const BEAT_MS = 1000;

/**
 * @param {{ask: (day: string, moment: number | null) => Promise<object | null>,
 *   shown: (picture: object, moment: number, playing: boolean, speed: number) => void, stopped: () => void}} ears
 */
export function player({ask, shown, stopped}) {
  let day = null;
  let begins = 0;
  let ends = 0;
  let moment = null;
  let speed = 1;
  let playing = false;
  let setWhen = 0;
  let asking = false;
  let wanted = false;

  const now = () => (playing ? Math.min(ends, moment + (performance.now() - setWhen) * speed) : moment);

  function set(to) {
    moment = to;
    setWhen = performance.now();
  }

  // while one picture comes, the next is only remembered: dragging a slider never queues up
  async function picture() {
    if (asking) {
      wanted = true;
      return;
    }
    asking = true;
    const asked = {day, moment: now()};
    const drawn = await ask(asked.day, asked.moment);
    asking = false;
    if (drawn && asked.day === day) {
      begins = Date.parse(drawn.begins);
      ends = Date.parse(drawn.ends);
      if (moment === null) set(begins);
      shown(drawn, Date.parse(drawn.at), playing, speed);
    }
    if (!drawn) stop();
    if (wanted) {
      wanted = false;
      await picture();
    }
  }

  function stop() {
    if (playing) set(now());
    playing = false;
    stopped();
  }

  setInterval(() => {
    if (!playing) return;
    if (now() >= ends) stop();
    picture();
  }, BEAT_MS);

  return {
    /** Look at another day, from its beginning. */
    choose(chosen) {
      day = chosen;
      moment = null;
      stop();
      return picture();
    },
    /** Go to so many milliseconds after the day's beginning. */
    seek(after) {
      set(begins + after);
      return picture();
    },
    setSpeed(times) {
      if (moment !== null) set(now());
      speed = times;
    },
    /** Play or pause; whether it plays now. */
    toggle() {
      if (moment === null) return false;
      const over = now() >= ends;
      set(over && !playing ? begins : now());
      playing = !playing;
      picture();
      return playing;
    },
  };
}
