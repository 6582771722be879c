// A screen's subscription over Socket.IO: it gets whole pictures (state snapshots), and never draws an older one.
import {io} from "socket.io-client";
import {clock} from "house/clock.js";
import {follow, replayed} from "house/replayed.js";
import {lang, languages} from "house/texts.js";

const ASK_AGAIN_MS = 3000;
// with more languages than these a picture has only those that the page shows
const LANGUAGES_IN_ALL = 2;
let line;

/**
 * Call `draw` with a screen's current snapshot and every later one, for as long as the page is open.
 * @param {string} hall
 * @param {string} screen "kiosk", "wall", "ticket:<token>", ...
 * @param {(picture: object) => void} draw
 * @param {{onLine?: () => void, onOff?: (lastPictureAt: string | null) => void,
 *   onRefused?: (error: {code: string, message: string}) => void, token?: string, inAll?: boolean}} [ears]
 * `inAll`: with every text in all the languages of the hall
 * @returns {() => void} stop watching
 */
export function watch(hall, screen, draw, {onLine, onOff, onRefused, token, inAll} = {}) {
  if (replayed()) return follow(screen, draw);
  const socket = connection();
  const picks = !inAll && languages.length > LANGUAGES_IN_ALL;
  let seen = -1;
  let lastAt = null;
  let live = null;

  const take = (picture) => {
    if (picture.screen !== screen || picture.seq < seen) return;
    seen = picture.seq;
    lastAt = picture.at;
    clock.set(picture.at, picture.pace);
    if (picture.zone) clock.zone = picture.zone;
    if (live !== true) {
      live = true;
      onLine?.();
    }
    draw(picture);
  };
  const off = () => {
    if (live === false) return;
    live = false;
    onOff?.(lastAt);
  };
  // Each connection starts afresh: the server's present picture counts, whatever was drawn before.
  const ask = () => {
    seen = -1;
    const asked = {hall, screen, ...(picks && {language: lang()}), ...(token && {token}), ...(stays(screen) && {device: device()})};
    socket.timeout(8000).emit("watch", asked, (silence, answer) => {
      if (silence) return socket.connected ? ask() : undefined;
      if (answer.error?.code === "records_unreachable") {
        off();
        return setTimeout(() => socket.connected && live !== true && ask(), ASK_AGAIN_MS);
      }
      if (answer.error) return onRefused ? onRefused(answer.error) : off();
      take({screen, ...answer.picture});
    });
  };

  socket.on("picture", take);
  socket.on("connect", ask);
  socket.on("disconnect", off);
  // connected, but the server has no contact with its database
  socket.on("adrift", off);
  socket.on("connect_error", off);
  const askAnew = () => picks && socket.connected && ask();
  document.addEventListener("language", askAnew);
  if (socket.connected) ask();

  return () => {
    socket.off("picture", take);
    socket.off("connect", ask);
    socket.off("disconnect", off);
    socket.off("adrift", off);
    socket.off("connect_error", off);
    document.removeEventListener("language", askAnew);
  };
}

/** Whether this kind of screen is registered, so that an alert names it when it disconnects. */
function stays(screen) {
  return ["kiosk", "wall", "window"].includes(screen.split(":")[0]);
}

/** This browser's random device id, which tells two kiosks apart; it identifies nobody. */
function device() {
  try {
    localStorage.device ??= Math.random().toString(36).slice(2, 12);
    return localStorage.device;
  } catch {
    return "";
  }
}

/** The page's one socket; it reconnects by itself, within five seconds of the server's return. */
function connection() {
  if (line) return line;
  line = io("/live", {
    transports: ["websocket"],
    reconnectionDelay: 500,
    reconnectionDelayMax: 5000,
    timeout: 5000,
  });
  line.on("disconnect", (why) => {
    // the library does not reconnect after a disconnect by the server
    if (why === "io server disconnect") setTimeout(() => line.connect(), 500);
  });
  return line;
}
