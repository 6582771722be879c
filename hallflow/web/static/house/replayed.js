// A page inside a replay: its pictures come from the replay of a past day, not from the live connection.
import {clock} from "house/clock.js";

/** Whether this page is embedded in a replay. */
export const replayed = () => parent !== window && new URLSearchParams(location.search).has("replay");

/**
 * Call `draw` with every snapshot of a screen that the replay sends; it may go back in time as well as forward.
 * @param {string} screen @param {(picture: object) => void} draw
 * @returns {() => void} stop
 */
export function follow(screen, draw) {
  const take = ({origin, source, data}) => {
    if (origin !== location.origin || source !== parent || data.picture?.screen !== screen) return;
    clock.set(data.picture.at, data.speed);
    clock.zone = data.picture.zone;
    draw(data.picture);
  };
  document.documentElement.dataset.replayed = "";
  addEventListener("message", take);
  parent.postMessage({ready: screen}, location.origin);
  return () => removeEventListener("message", take);
}
