// Sent in the place of a module that this version does not have: it reloads the page, which is of another version.

const MINUTE_MS = 60_000;

if (lately()) throw new Error(`this page asks for a module that is not there: ${import.meta.url}`);
location.reload();

/** Whether the page was reloaded within the last minute; a second reload would not help either. */
function lately() {
  try {
    const before = Number(sessionStorage.renewed ?? 0);
    sessionStorage.renewed = Date.now();
    return Date.now() - before < MINUTE_MS;
  } catch {
    return true;
  }
}
