// Speaks the hall's calls one after another: chime, then the words.

import {chime} from "display/wall/chime.js";
import {hear, next, NOTHING} from "display/wall/spoken-once.js";
import {say} from "display/wall/voice.js";
import {announcement} from "display/wall/announcement.js";
import {languages, t} from "house/texts.js";

// a browser that allows sound takes a moment to start it
const SETTLE_MS = 1500;

const sentence = (code, blanks) => t("wall.call_spoken", blanks, code);

/** An announcer; `blocked(true)` is called while the browser waits for somebody to touch the screen. */
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
    /** Take in a wall picture's calls. */
    hear(calling, when) {
      heard = hear(heard, calling, when);
      // what nobody could hear is not kept for later: by then it would call people who have gone
      if (silent()) heard = {...heard, waiting: []};
      speakAll();
    },
  };
}
