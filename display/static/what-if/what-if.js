// What-if analysis: open and close counters by dragging over the rest of the day, and see the simulated effect.

import {sentToSignIn} from "display/common/sign-in.js";
import {changes, columns, cell} from "display/what-if/cells.js";
import {drawTold} from "display/what-if/result.js";
import {grid} from "display/what-if/grid.js";
import {api} from "house/api.js";
import {clock} from "house/clock.js";
import {at, put, show} from "house/draw.js";
import {t} from "house/texts.js";

const REST_MS = 120;

/** The section for one hall: returns a function that draws each snapshot and outlook. */
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

  // without any change there is no result to show
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

  // one request at a time; edits made meanwhile go with the next
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
      // ignore the response if all edits were undone meanwhile
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
    // drop the edits of quarter-hours that have passed
    for (const key of Object.keys(edits)) if (Number(key.split(" ").at(-1)) < starts[0]) delete edits[key];
    if (starts.length > 1) draw();
  };
}
