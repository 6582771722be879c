// The wall board: who is called to which counter, and the predicted wait per service.

import {announcer} from "display/wall/announcer.js";
import {footline} from "display/common/footline.js";
import {drawCalls, drawRefusal} from "display/wall/calls.js";
import {drawWaits} from "display/wall/waits.js";
import {clock} from "house/clock.js";
import {at, put, show} from "house/draw.js";
import {watch} from "house/live.js";
import {tr} from "house/texts.js";

const {hall, sound} = document.body.dataset;
const voice = sound === "off" ? null : announcer({blocked: (silent) => show(at(document, "touch"), silent)});

// announcements are spoken in every language of the hall
watch(hall, "wall", draw, {...footline(), onRefused: drawRefusal, inAll: true});

function draw(picture) {
  document.body.dataset.open = picture.open;
  document.title = tr(picture.hall_name);
  put(document, "hall", tr(picture.hall_name));
  put(document, "notice", tr(picture.notice));
  drawCalls(picture);
  drawWaits(picture.services);
  voice?.hear(picture.calling, {now: clock.now().getTime(), pace: picture.pace});
}
