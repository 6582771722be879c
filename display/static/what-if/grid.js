// An editable grid: a row per counter, a column per quarter-hour; edited by dragging with finger or mouse, or by keys.

import {cell, stands, supposed} from "display/what-if/cells.js";
import {clock} from "house/clock.js";
import {at} from "house/draw.js";
import {t, tr} from "house/texts.js";

const STEPS = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, -99], End: [0, 99]};

/**
 * A grid that calls `paint(counterKey, start, open)` for every edited cell; `says` is the group of texts that it
 * uses.
 */
export function grid(paint, says = "dashboard") {
  const table = at(document, "whatif-grid");
  let shown = "";
  let brush = null;
  let focus = [0, 0];

  table.addEventListener("pointerdown", (event) => {
    const target = cellOf(event.target);
    if (!target || event.button > 0) return;
    event.preventDefault();
    brush = {open: target.dataset.open !== "true", at: placeOf(target)};
    table.dataset.held = "true";
    table.setPointerCapture(event.pointerId);
    stroke(target);
  });
  table.addEventListener("pointermove", (event) => {
    if (brush === null) return;
    const target = cellOf(document.elementFromPoint(event.clientX, event.clientY));
    if (target) stroke(target);
  });
  for (const over of ["pointerup", "pointercancel", "lostpointercapture"]) table.addEventListener(over, letGo);
  table.addEventListener("keydown", (event) => {
    const target = cellOf(event.target);
    if (!target) return;
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      put(target, target.dataset.open !== "true");
    } else if (STEPS[event.key]) {
      event.preventDefault();
      const next = step(target, STEPS[event.key]);
      // with Shift the cell moved to gets the state of the cell left
      if (event.shiftKey && next !== target) put(next, target.dataset.open === "true");
      move(next);
    }
  });

  function letGo() {
    brush = null;
    delete table.dataset.held;
  }

  const cellOf = (node) => node?.closest?.("td[data-start]");
  const placeOf = (node) => [node.parentElement.sectionRowIndex, node.cellIndex - 1];
  const put = (node, open) => paint(node.dataset.counter, Number(node.dataset.start), open);

  // fast drags give few pointer events: paint the cells on the line between two of them, too
  function stroke(target) {
    const [from, to] = [brush.at, placeOf(target)];
    const long = Math.max(...to.map((place, axis) => Math.abs(place - from[axis])), 1);
    const {rows} = target.closest("tbody");
    for (let n = 1; n <= long; n += 1) {
      const [row, column] = to.map((place, axis) => Math.round(from[axis] + ((place - from[axis]) * n) / long));
      put(rows[row].cells[column + 1] ?? target, brush.open);
    }
    brush.at = to;
    move(target);
  }

  function move(node) {
    table.querySelector('td[tabindex="0"]')?.setAttribute("tabindex", "-1");
    node.tabIndex = 0;
    node.focus({preventScroll: false});
    focus = placeOf(node);
  }

  function step(node, [down, right]) {
    const rows = node.closest("tbody").rows;
    const row = rows[Math.min(Math.max(node.parentElement.sectionRowIndex + down, 0), rows.length - 1)];
    return row.cells[Math.min(Math.max(node.cellIndex + right, 1), row.cells.length - 1)];
  }

  return {
    /** Draw the counters of a snapshot for these quarter-hours; cells are rebuilt only if rows or columns changed. */
    draw(counters, starts, edits) {
      const now = JSON.stringify([counters.map((counter) => counter.key), starts, document.body.dataset.lang]);
      if (now !== shown) build(counters, starts);
      shown = now;
      counters.forEach((counter, row) => starts.forEach((start, column) => fill(row, column, counter, start, edits)));
    },
  };

  function build(counters, starts) {
    const head = document.createElement("tr");
    head.append(heading("", "col"), ...starts.map((start) => heading(start % 3_600_000 ? "" : clock.hhmm(new Date(start)), "col")));
    at(table, "whatif-head").replaceChildren(head);
    at(table, "whatif-rows").replaceChildren(
      ...counters.map((counter) => {
        const row = document.createElement("tr");
        row.append(heading(tr(counter.name), "row"), ...starts.map((start) => box(counter, start)));
        return row;
      }),
    );
    const rows = at(table, "whatif-rows").rows;
    const first = rows[focus[0]]?.cells[focus[1] + 1] ?? rows[0]?.cells[1];
    if (first) first.tabIndex = 0;
  }

  function fill(row, column, counter, start, edits) {
    const node = at(table, "whatif-rows").rows[row].cells[column + 1];
    const open = supposed(counter, start, edits);
    const differs = edits[cell(counter.key, start)] !== undefined && open !== stands(counter, start);
    node.dataset.open = open;
    node.classList.toggle("differs", differs);
    const words = t(`${says}.cell_${open ? "open" : "closed"}`, {counter: tr(counter.name), time: clock.hhmm(new Date(start))});
    node.setAttribute("aria-label", differs ? `${words}, ${t(`${says}.cell_differs`)}` : words);
  }
}

function heading(text, scope) {
  const node = document.createElement("th");
  node.scope = scope;
  node.textContent = text;
  return node;
}

function box(counter, start) {
  const node = document.createElement("td");
  node.dataset.counter = counter.key;
  node.dataset.start = start;
  node.setAttribute("role", "gridcell");
  node.tabIndex = -1;
  if (start % 3_600_000 === 0) node.classList.add("hour");
  return node;
}
