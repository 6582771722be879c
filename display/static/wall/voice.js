// The machine's own voices; where it has none for a language, that sentence stays unspoken.

const WATCHDOG_MS = 20_000;
// some machines name a voice by the code of one language, where it is asked for by that of its larger family
const LARGER = {cmn: "zh"};

/** Say one sentence; resolves when it is said, also where no voice can say it. */
export function say({lang, text}) {
  const voice = voiceFor(lang);
  if (!voice) return Promise.resolve();
  return new Promise((done) => {
    const words = new SpeechSynthesisUtterance(text);
    Object.assign(words, {voice, lang: voice.lang, rate: 0.9});
    // some browsers forget to say that they have finished; the next call must not wait for ever
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
  // a voice of this machine also speaks when the internet is away
  return [...exact, ...fitting].sort((one, other) => other.localService - one.localService)[0] ?? null;
}

// Chromium loads its voices when first asked
globalThis.speechSynthesis?.getVoices();
