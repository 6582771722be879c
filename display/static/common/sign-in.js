// Access control of the manager's pages: redirect to the sign-in page, which leads back to this one.

import {ApiError, api} from "house/api.js";

/** Redirect to the sign-in page if the error is a missing sign-in; true if it was. */
export function sentToSignIn(fault, hall) {
  if (!(fault instanceof ApiError) || ![401, 403].includes(fault.status)) return false;
  const next = encodeURIComponent(location.pathname + location.search);
  location.replace(`/sign-in/${hall}?next=${next}`);
  return true;
}

/** Whether this browser may see the hall; if not, it is being redirected to the sign-in page. */
export async function allowed(hall) {
  try {
    await api.get(`/halls/${hall}/floor`);
    return true;
  } catch (fault) {
    return !sentToSignIn(fault, hall);
  }
}
