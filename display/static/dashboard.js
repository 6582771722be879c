// The manager's dashboard: ten seconds to see what is wrong, what will be, and what to do.

import {drawCharts} from "display/charts.js";
import {drawFigures} from "display/figures.js";
import {drawTiles} from "display/floormap.js";
import {footline} from "display/footline.js";
import {drawMatrix} from "display/matrix.js";
import {followOutlook} from "display/outlook.js";
import {drawPlan} from "display/plan.js";
import {allowed} from "display/rights.js";
import {drawTasks} from "display/tasks.js";
import {whatIf} from "display/whatif.js";
import {at, put} from "house/draw.js";
import {watch} from "house/live.js";
import {t, tr} from "house/texts.js";

const BEAT_MS = 5000;
const {hall} = document.body.dataset;
const drawWhatIf = whatIf(hall);
let picture = null;
let outlook = null;

watch(hall, "dashboard", take, {...footline(), onRefused: refused});
followOutlook(hall, (drawn) => {
  outlook = drawn;
  draw();
});
// running times run on between two pictures
setInterval(draw, BEAT_MS);

function take(drawn) {
  picture = drawn;
  draw();
}

function draw() {
  if (!picture) return;
  document.title = `${tr(picture.hall_name)} · ${t("dashboard.title")}`;
  put(document, "hall-name", tr(picture.hall_name));
  put(document, "hall-open", t(picture.open ? "common.open" : "common.closed")).classList.toggle("open", picture.open);
  put(document, "level", tr(outlook?.level));
  drawFigures(picture);
  drawTasks(picture, outlook);
  drawTiles(picture);
  drawMatrix(picture);
  drawWhatIf(picture, outlook);
  drawPlan(outlook, picture);
  drawCharts(picture, outlook);
}

async function refused({message}) {
  if (await allowed(hall)) put(document, "refused", tr(message));
  at(document, "refused").scrollIntoView();
}
