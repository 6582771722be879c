/** Between the whole console and the thin bar that leaves the clerk's other program in view. */

const HEIGHT = 96;

/** Open the bar in a window of its own, as wide as the screen. */
export function toBar() {
  const address = new URL(location);
  address.searchParams.set("bar", "1");
  const width = screen.availWidth;
  const opened = open(address, "hallflow-bar", `popup,width=${width},height=${HEIGHT},left=0,top=0`);
  // where windows may not be opened, the bar takes this one
  if (!opened) location.assign(address);
}

export function toFull() {
  const address = new URL(location);
  address.searchParams.delete("bar");
  if (window.opener && !window.opener.closed) {
    window.opener.focus();
    window.close();
  } else location.assign(address);
}
