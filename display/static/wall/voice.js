// Speech synthesis with the browser's voices; without a voice for its language a sentence is skipped.

const WATCHDOG_MS = 20_000;
// some systems tag a Mandarin voice "cmn", the code of its language, instead of "zh"
const LARGER = {cmn: "zh"};

/** Speak one sentence; resolves when it has been spoken or skipped. */
export function say({lang, text}) {
  const voice = voiceFor(lang);
  if (!voice) return Promise.resolve();
  return new Promise((done) => {
    const words = new SpeechSynthesisUtterance(text);
    Object.assign(words, {voice, lang: voice.lang, rate: 0.9});
    // some browsers do not fire the end event; without a timeout the next call would wait for ever
    const watchdog = setTimeout(done, WATCHDOG_MS);
    words.onend = words.onerror = () => {
      clearTimeout(watchdog);
      done();
    };
    speechSynthesis.speak(words);
  });
}

function voiceFor(lang) {
  const voices = globalThis.speechSynthesis?.getVoices() ?? [];
  const [family] = lang.toLowerCase().split("-");
  const tongue = (voice) => voice.lang.replace("_", "-").toLowerCase();
  const fitting = voices.filter((voice) => {
    const [spoken] = tongue(voice).split("-");
    return spoken === family || LARGER[spoken] === family;
  });
  const exact = fitting.filter((voice) => tongue(voice) === lang.toLowerCase());
  // prefer a local voice: it also works without internet
  return [...exact, ...fitting].sort((one, other) => other.localService - one.localService)[0] ?? null;
}

// Chromium loads its voices asynchronously, on the first call
globalThis.speechSynthesis?.getVoices();
