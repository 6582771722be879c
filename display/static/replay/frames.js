// The stage of a replay: the hall's own pages in frames, each handed its picture as if the hall had sent it.

/** The frames of this page. */
export function stage() {
  const frames = Object.fromEntries([...document.querySelectorAll("iframe[data-screen]")].map((frame) => [frame.dataset.screen, frame]));
  const ready = new Set();
  let last = null;

  addEventListener("message", ({origin, source, data}) => {
    const screen = Object.keys(frames).find((name) => frames[name].contentWindow === source);
    if (origin !== location.origin || !screen || data.ready !== screen) return;
    ready.add(screen);
    fit(frames[screen]);
    hand(screen);
  });

  function hand(screen) {
    if (!last || frames[screen].hidden || !ready.has(screen)) return;
    frames[screen].contentWindow.postMessage({picture: last.picture[screen], speed: last.speed}, location.origin);
  }

  function open(screen) {
    const frame = frames[screen];
    if (!frame.src) frame.src = frame.dataset.src;
    for (const name of Object.keys(frames)) frames[name].hidden = name !== screen;
    hand(screen);
  }

  return {
    open,
    show: open,
    /** Hand a replay's pictures to the screens; `speed` 0 stands still. */
    draw(picture, speed) {
      last = {picture, speed};
      Object.keys(frames).forEach(hand);
    },
  };
}

// a dashboard is as long as it is: the page scrolls, not the frame within it
function fit(frame) {
  if (frame.dataset.screen !== "dashboard") return;
  const page = frame.contentDocument.querySelector("main");
  new ResizeObserver(() => {
    frame.style.height = `${page.scrollHeight}px`;
  }).observe(page);
}
