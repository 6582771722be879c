/**
 * Sending a clerk's action once: a repeated press while the request runs is ignored, a retry reuses its idempotency key. The
 * key of a different action is queued until the response, so that fast input is not lost; an error clears that queue.
 */
import {api, uuid} from "house/api.js";
import {t} from "house/texts.js";
import {asking} from "console/ask.js";
import {QUESTIONS} from "console/questions.js";
import {nameOf} from "console/verbs.js";

const RETRIES = 2;
// after a response Space and the large button stand for a new action: a press within this time was meant for the old one
const SETTLE_MS = 350;

/**
 * Return the function that runs an action at a counter.
 * @param {string} path of the counter @param {object} desk callbacks of the page: picture(), take(picture), refresh(),
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
