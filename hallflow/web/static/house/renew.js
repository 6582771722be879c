// Sent in the place of a module that this version does not have: the page is of another one, and loads itself anew.

const MINUTE_MS = 60_000;

if (lately()) throw new Error(`this page asks for a module that is not there: ${import.meta.url}`);
location.reload();

/** Whether that has been tried within the last minute; a second time it would not help either. */
function lately() {
  try {
    const before = Number(sessionStorage.renewed ?? 0);
    sessionStorage.renewed = Date.now();
    return Date.now() - before < MINUTE_MS;
  } catch {
    return true;
  }
}
