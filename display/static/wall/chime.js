// The chime: two soft bells synthesised with Web Audio, so that it needs no download.

const NOTES = [
  {hertz: 783.99, at: 0},
  {hertz: 587.33, at: 0.42},
];
const PARTIALS = [
  {times: 1, loud: 0.5},
  {times: 2, loud: 0.16},
  {times: 3.01, loud: 0.06},
];
const RING_SECONDS = 1.3;

/** Play it once; resolves when the last bell has faded. */
export function chime(audio) {
  const start = audio.currentTime + 0.02;
  for (const note of NOTES) {
    for (const partial of PARTIALS) ring(audio, start + note.at, note.hertz * partial.times, partial.loud);
  }
  return new Promise((done) => setTimeout(done, (NOTES.at(-1).at + RING_SECONDS * 0.7) * 1000));
}

function ring(audio, at, hertz, loud) {
  const tone = new OscillatorNode(audio, {frequency: hertz});
  const gain = new GainNode(audio, {gain: 0});
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(loud, at + 0.012);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + RING_SECONDS);
  tone.connect(gain).connect(audio.destination);
  tone.start(at);
  tone.stop(at + RING_SECONDS);
}
