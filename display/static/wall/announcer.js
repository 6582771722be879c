// Playback queue of announcements: for each call a chime, then the speech.

import {chime} from "display/wall/chime.js";
import {hear, next, NOTHING} from "display/wall/spoken-once.js";
import {say} from "display/wall/voice.js";
import {announcement} from "display/wall/announcement.js";
import {languages, t} from "house/texts.js";

// a browser that allows sound needs a moment to start it
const SETTLE_MS = 1500;

const sentence = (code, blanks) => t("wall.call_spoken", blanks, code);

/** An announcer; `blocked(true)` is called while the browser requires a touch before it plays sound. */
export function announcer({blocked}) {
  const audio = new AudioContext();
  let heard = NOTHING;
  let speaking = false;

  const silent = () => audio.state !== "running";
  const show = () => blocked(silent());
  audio.addEventListener("statechange", show);
  for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, () => audio.resume());
  setTimeout(show, SETTLE_MS);

  async function speakAll() {
    if (speaking) return;
    speaking = true;
    try {
      while (heard.waiting.length) {
        const {call, times, rest} = next(heard);
        heard = rest;
        await chime(audio);
        for (const each of announcement(call, languages, sentence, {times})) await say(each);
      }
    } finally {
      speaking = false;
    }
  }

  return {
    /** Queue the new calls of a wall snapshot. */
    hear(calling, when) {
      heard = hear(heard, calling, when);
      // while sound is blocked, drop the calls: played later they would call people who have gone
      if (silent()) heard = {...heard, waiting: []};
      speakAll();
    },
  };
}
