// The list of recent calls on the wall: eight, the newest large on top.

import {glow, glows} from "display/common/glow.js";
import {other} from "display/common/other-language.js";
import {parts} from "display/wall/announcement.js";
import {at, put, stamp} from "house/draw.js";
import {t, tr} from "house/texts.js";

const ROWS = 8;
const seen = glows();

export function drawCalls({calling, open}) {
  const calls = calling.slice(0, ROWS);
  const ages = seen.ages(calls.map((call) => call.key), performance.now());
  const rows = calls.map((call) => row(call, ages[call.key]));
  at(document, "calls").replaceChildren(...(rows.length ? rows : [empty(open)]));
}

/** Show why there is nothing else to show: the hall does not exist. */
export function drawRefusal({message}) {
  document.body.dataset.open = "false";
  document.body.dataset.refused = "true";
  at(document, "calls").replaceChildren(note(tr(message), ""));
}

function row(call, age) {
  const node = stamp("call");
  put(node, "number", call.number);
  at(node, "counter").replaceChildren(...pieces(tr(call.counter_name), other(call.counter_name)));
  put(node, "mark", mark(call));
  node.dataset.state = call.state;
  glow(node, age);
  return node;
}

function mark(call) {
  if (call.state === "missed") return t("wall.missed");
  return call.state === "called" && call.recalls > 0 ? t("wall.again") : "";
}

// the figure of "3号窗口" must be readable across the hall; the name in the second language is small below the word
function pieces(name, second) {
  const drawn = parts(name).map((part) => span(part.figure ? "figure" : "word", part.text));
  drawn.findLast((piece) => piece.className === "word")?.append(span("call-other", second));
  return drawn;
}

function span(name, text) {
  const piece = document.createElement("span");
  piece.className = name;
  piece.textContent = text;
  return piece;
}

function empty(open) {
  return open ? note(t("wall.no_calls"), t("wall.no_calls_help")) : note(t("wall.closed"), t("wall.closed_help"));
}

function note(title, help) {
  const node = stamp("no-calls");
  put(node, "title", title);
  put(node, "help", help);
  return node;
}
