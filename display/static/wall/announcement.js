// What the hall says aloud when a number is called: Chinese, digits one by one, then English.

const DIGITS = "零一二三四五六七八九";

/** The sentences of one call, in the order they are spoken. */
export function announcement(call, {times = 2} = {}) {
  const chinese = {lang: "zh-CN", text: inChinese(call)};
  return [...Array(times).fill(chinese), {lang: "en-US", text: inEnglish(call)}];
}

function inChinese(call) {
  const number = [...call.number].map((sign) => DIGITS[sign] ?? sign).join("");
  return `请${number}号到${call.counter_name.zh}办理业务`;
}

function inEnglish(call) {
  const counter = call.counter_name.en.replace(/^Counter\b/, "counter");
  return `Number ${[...call.number].join(" ")}, please go to ${counter}`;
}

/** A name cut into words and figures, so that a board can draw the figures large. */
export function parts(name) {
  return (name.match(/\d+|\D+/g) ?? []).map((text) => ({
    text: text.trim(),
    figure: /\d/.test(text),
  }));
}
