/** The header of the console: this counter, its state, the hall, today's figures. */
import {at} from "house/draw.js";
import {t, tr} from "house/texts.js";
import {clock} from "house/clock.js";
import {write} from "console/page.js";

export function drawDesk(place, picture) {
  const {counter} = picture;
  write(place, {
    counter: tr(counter.name),
    state: t(`console.state_${counter.state}`),
    clerk: counter.clerk && tr(counter.clerk),
    asked: tr(counter.asked),
    hall: tr(picture.hall_name),
    waiting: picture.waiting,
    hall_waiting: picture.waiting_hall,
    served: picture.today.served,
    mean: picture.today.served ? t("common.minutes", {n: Math.round(picture.today.mean_minutes)}) : "–",
  });
  at(place, "state").className = `mark ${counter.state}`;
  document.title = [picture.serving?.number, tr(counter.name)].filter(Boolean).join(" · ");
}
