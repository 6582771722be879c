// What if: drag counters open and closed over the rest of the day, and see what that does before doing it.

import {sentToSignIn} from "display/common/sign-in.js";
import {changes, columns, cell} from "display/what-if/cells.js";
import {drawTold} from "display/what-if/result.js";
import {grid} from "display/what-if/grid.js";
import {api} from "house/api.js";
import {clock} from "house/clock.js";
import {at, put, show} from "house/draw.js";
import {t} from "house/texts.js";

const REST_MS = 120;

/** The section for one hall: give it each picture and outlook to draw. */
export function whatIf(hall) {
  let edits = {};
  let counters = [];
  let starts = [];
  let told = null;
  let asked = "";
  let asking = false;
  let resting = 0;
  const cells = grid((counter, start, open) => {
    edits[cell(counter, start)] = open;
    draw();
    later();
  });
  at(document, "whatif-reset").addEventListener("click", () => {
    edits = {};
    forget();
  });

  // with everything as it stands there is nothing to tell
  function forget() {
    told = null;
    asked = "";
    put(document, "whatif-fault", "");
    draw();
  }

  function draw() {
    cells.draw(counters, starts, edits);
    const some = changes(counters, starts, edits).length > 0;
    show(at(document, "whatif-reset"), some || told !== null);
    show(at(document, "whatif-hint"), told === null);
    drawTold(told, starts);
  }

  function later() {
    clearTimeout(resting);
    resting = setTimeout(ask, REST_MS);
  }

  // one question at a time; what was dragged meanwhile is asked next
  async function ask() {
    const wish = changes(counters, starts, edits);
    const text = JSON.stringify(wish);
    if (asking || text === asked) return;
    if (!wish.length) return forget();
    asking = true;
    asked = text;
    at(document, "whatif").setAttribute("aria-busy", "true");
    try {
      const answer = await api.post(`/halls/${hall}/what-if`, {changes: wish}, {retry: 2});
      // an answer to what has been taken back meanwhile tells nothing
      if (changes(counters, starts, edits).length) told = answer;
      put(document, "whatif-fault", "");
    } catch (fault) {
      if (!sentToSignIn(fault, hall)) put(document, "whatif-fault", fault.message || t("error.no_contact"));
    } finally {
      asking = false;
      at(document, "whatif").removeAttribute("aria-busy");
    }
    draw();
    ask();
  }

  return (picture, outlook) => {
    const planned = outlook?.roster?.openings ?? {};
    counters = picture.counters.map((counter) => ({...counter, planned: planned[counter.key], now: clock.now().getTime()}));
    starts = picture.open ? columns(outlook?.quarters ?? [], clock.now().getTime()) : [];
    show(at(document, "whatif"), starts.length > 1);
    // quarter-hours that have passed take what was supposed of them along
    for (const key of Object.keys(edits)) if (Number(key.split(" ").at(-1)) < starts[0]) delete edits[key];
    if (starts.length > 1) draw();
  };
}
