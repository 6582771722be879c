// The manager's dashboard: current and expected problems, and what to do about them.

import {drawPast} from "display/dashboard/advice-past.js";
import {followAdvice} from "display/dashboard/advice.js";
import {drawCharts} from "display/charts/charts.js";
import {drawFigures} from "display/dashboard/figures.js";
import {drawTiles} from "display/dashboard/floor-map.js";
import {footline} from "display/common/footline.js";
import {drawMatrix} from "display/dashboard/matrix.js";
import {followOutlook} from "display/dashboard/outlook.js";
import {drawPlan} from "display/dashboard/plan.js";
import {allowed} from "display/common/sign-in.js";
import {drawByRoster} from "display/dashboard/roster-line.js";
import {drawTasks} from "display/dashboard/tasks.js";
import {whatIf} from "display/what-if/what-if.js";
import {at, put} from "house/draw.js";
import {watch} from "house/live.js";
import {replayed} from "house/replayed.js";
import {t, tr} from "house/texts.js";

const BEAT_MS = 5000;
const REDRAWN_MS = 7000;
const {hall} = document.body.dataset;
// a replayed day does not show today's outlook or advice, which do not apply to it
const past = replayed();
const drawWhatIf = whatIf(hall);
const advice = followAdvice(hall, draw);
let picture = null;
let outlook = null;

watch(hall, "dashboard", take, {...footline(), onRefused: refused});
const askOutlook = past ? () => {} : followOutlook(hall, (drawn) => {
  outlook = drawn;
  draw();
});
// update running times between two snapshots
setInterval(draw, BEAT_MS);
document.addEventListener("lostpointercapture", draw);

function take(drawn) {
  // opening or closing a counter changes the outlook; the worker has the new one some seconds later
  if (picture && picture.figures.counters_open !== drawn.figures.counters_open) setTimeout(askOutlook, REDRAWN_MS);
  picture = drawn;
  if (!past) advice.see(drawn);
  draw();
}

function draw() {
  // do not redraw during a drag: new lines above would move the grid away from under the finger
  if (!picture || at(document, "whatif-grid").dataset.held) return;
  document.title = `${tr(picture.hall_name)} · ${t("dashboard.title")}`;
  put(document, "hall-name", tr(picture.hall_name));
  put(document, "hall-open", t(picture.open ? "common.open" : "common.closed")).classList.toggle("open", picture.open);
  put(document, "level", tr(outlook?.level));
  drawFigures(picture, outlook);
  drawTasks(picture, outlook, advice);
  drawPast(advice.all());
  drawTiles(picture);
  drawByRoster(outlook);
  drawMatrix(picture);
  drawWhatIf(picture, outlook);
  drawPlan(outlook, picture);
  drawCharts(picture, outlook);
}

async function refused({message}) {
  if (await allowed(hall)) put(document, "refused", tr(message));
  at(document, "refused").scrollIntoView();
}
