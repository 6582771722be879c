/**
 * One press, one request: the same verb again while it runs does nothing, and a retry carries the same key. Another verb's
 * own key waits for the answer, so that a quick hand is not ignored; after a refusal it is forgotten.
 */
import {api, uuid} from "house/api.js";
import {t} from "house/texts.js";
import {asking} from "console/ask.js";
import {QUESTIONS} from "console/questions.js";
import {nameOf} from "console/verbs.js";

const RETRIES = 2;
// after an answer, Space and the large button mean another verb: what is pressed at once was meant for the last one
const SETTLE_MS = 350;

/**
 * Make the function that does verbs at a counter.
 * @param {string} path of the counter @param {object} desk what it tells: picture(), take(picture), refresh(),
 *   busy(verb | null), say(sentence, {again}?), hush(), expired()
 */
export function presser(path, desk) {
  let running = null;
  let lost = null;
  let settled = 0;
  let following = null;

  async function press(verb, {loose = false, hint} = {}) {
    if (running && !loose && verb !== running) following = [verb, {hint}];
    if (running || asking() || (loose && performance.now() < settled)) return;
    const picture = desk.picture();
    if (!picture) return;
    if (!picture.can.includes(verb)) return desk.say(t("console.not_now", {verb: t(nameOf(verb, picture))}));
    if (lost?.verb === verb) return send(lost);
    lost = null;
    const body = await (QUESTIONS[verb]?.(picture, hint) ?? {});
    if (!body) return;
    if (desk.picture().serving?.number !== picture.serving?.number) return desk.say(t("console.moved_on"));
    await send({verb, body, key: uuid()});
  }

  async function send(wish) {
    if (running) return;
    running = wish.verb;
    desk.busy(running);
    try {
      const picture = await api.post(`${path}/${wish.verb}`, wish.body, {retry: RETRIES, key: wish.key});
      lost = null;
      settled = performance.now() + SETTLE_MS;
      desk.hush();
      desk.take(picture);
    } catch (fault) {
      following = null;
      await told(fault, wish);
    } finally {
      running = null;
      desk.busy(null);
    }
    const next = following;
    following = null;
    if (next) await press(...next);
  }

  async function told(fault, wish) {
    if (fault.status === 401) return desk.expired();
    if (fault.status === 0 || fault.status >= 500) {
      lost = wish;
      const name = t(nameOf(wish.verb, desk.picture()));
      return desk.say(t("console.lost", {verb: name}), {again: () => lost === wish && send(wish)});
    }
    lost = null;
    desk.say(fault.message || t("common.fault"));
    await desk.refresh();
  }

  return press;
}
