// The pages embedded in a replay: each iframe gets its snapshots from this page instead of the socket.

/** The iframes of this page. */
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
    /** Send a replay's snapshots to the embedded pages; `speed` 0 stops their clock. */
    draw(picture, speed) {
      last = {picture, speed};
      Object.keys(frames).forEach(hand);
    },
  };
}

// a dashboard's frame is as tall as its content: the page scrolls, not the frame
function fit(frame) {
  if (frame.dataset.screen !== "dashboard") return;
  const page = frame.contentDocument.querySelector("main");
  new ResizeObserver(() => {
    frame.style.height = `${page.scrollHeight}px`;
  }).observe(page);
}
