// The replay player: a moving position within a day, a speed, and the snapshot of it, one request at a time.

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

  // while a request runs, only remember that another is needed: dragging the slider must not queue requests
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
    /** Switch to another day and go to its beginning. */
    choose(chosen) {
      day = chosen;
      moment = null;
      stop();
      return picture();
    },
    /** Go to the moment `after` milliseconds after the day's beginning. */
    seek(after) {
      set(begins + after);
      return picture();
    },
    setSpeed(times) {
      if (moment !== null) set(now());
      speed = times;
    },
    /** Play or pause; returns whether it now plays. */
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
