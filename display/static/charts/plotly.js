// Lazy loading of Plotly: it is fetched for the first chart, so that the page does not wait for it.

let coming;

/** The global Plotly, loaded once. */
export function plotly() {
  coming ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = import.meta.resolve("plotly");
    script.onload = () => done(globalThis.Plotly);
    script.onerror = () => {
      coming = undefined;
      failed(new Error("plotly did not load"));
    };
    document.head.append(script);
  });
  return coming;
}
