/** Switch between the full console and the narrow bar, which leaves the clerk's other program visible. */

const HEIGHT = 96;

/** Open the bar in a popup window as wide as the screen. */
export function toBar() {
  const address = new URL(location);
  address.searchParams.set("bar", "1");
  const width = screen.availWidth;
  const opened = open(address, "hallflow-bar", `popup,width=${width},height=${HEIGHT},left=0,top=0`);
  // where popups are blocked, show the bar in this window
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
