// Who may not see the hall's figures is asked to sign in, and comes back to this page.

import {ApiError, api} from "house/api.js";

/** Send whoever this fault keeps out to the sign-in page; true where it was that. */
export function sentToSignIn(fault, hall) {
  if (!(fault instanceof ApiError) || ![401, 403].includes(fault.status)) return false;
  const next = encodeURIComponent(location.pathname + location.search);
  location.replace(`/sign-in/${hall}?next=${next}`);
  return true;
}

/** Whether this browser may see the hall; if not, it is on its way to the sign-in page. */
export async function allowed(hall) {
  try {
    await api.get(`/halls/${hall}/floor`);
    return true;
  } catch (fault) {
    return !sentToSignIn(fault, hall);
  }
}
