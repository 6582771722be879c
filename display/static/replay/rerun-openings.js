// Counter openings for a rerun: those of the past day or of its roster, with changes made by dragging.

import {QUARTER_MS} from "display/common/quarters.js";
import {cell, changes} from "display/what-if/cells.js";
import {grid} from "display/what-if/grid.js";
import {api} from "house/api.js";
import {clock} from "house/clock.js";
import {at, show} from "house/draw.js";

const CELL_REM = 1.25;

/** The grid of openings; `refused` is called with errors. */
export function openings(hall, refused) {
  const bases = [...document.querySelectorAll("[name=base]")];
  const back = document.querySelector("[data-does=as-base]");
  let told = null;
  let edits = {};
  const cells = grid((counter, start, open) => {
    edits[cell(counter, start)] = open;
    draw();
  }, "replay");
  const base = () => bases.find((one) => one.checked).value;
  for (const one of bases) one.addEventListener("change", draw);
  back.addEventListener("click", () => {
    edits = {};
    draw();
  });

  function starts() {
    const [from, until] = [told.begins, told.ends].map(Date.parse);
    const first = Math.floor(from / QUARTER_MS);
    const last = Math.max(Math.ceil(until / QUARTER_MS), first + 1);
    return Array.from({length: last - first}, (_, i) => (first + i) * QUARTER_MS);
  }

  const counters = () => told.counters.map((counter) => ({key: counter.key, name: counter.name, spells: base() === "roster" ? counter.rostered : counter.was}));

  function draw() {
    show(at(document, "again-openings"), told !== null);
    show(at(document, "bases"), told !== null);
    if (!told) return;
    const columns = starts();
    show(at(document, "no-roster"), !told.rostered);
    for (const one of bases) one.disabled = one.value === "roster" && !told.rostered;
    at(document, "whatif-grid").style.minWidth = `${7.5 + columns.length * CELL_REM}rem`;
    cells.draw(counters(), columns, edits);
    show(back, dragged().length > 0);
  }

  function dragged() {
    const columns = starts();
    return changes(counters(), columns, edits).map(({at: from, until, ...one}) => ({
      ...one,
      at: clock.hhmm(new Date(from ?? columns[0])),
      ...(until ? {until: clock.hhmm(new Date(until))} : {}),
    }));
  }

  return {
    /** Load the openings of this day; nothing while it is not over. */
    async offer(day, isOver) {
      told = null;
      edits = {};
      bases[0].checked = true;
      draw();
      if (!isOver) return;
      try {
        told = await api.get(`/halls/${hall}/replay/openings?${new URLSearchParams({day})}`, {retry: 1});
      } catch (fault) {
        refused(fault);
      }
      draw();
    },

    /** The part of the request that says which counters are open. */
    wish: () => (told ? {roster: base() === "roster", changes: dragged()} : {}),
  };
}
