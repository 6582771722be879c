// The API client of the pages: JSON over fetch, retries with an idempotency key, one kind of error.
import {lang} from "house/texts.js";

const ROOT = "/api/v1";
const PATIENCE_MS = 6000;
const PAUSE_MS = 700;

/** An error response, or an unreachable server (status 0, code "no_contact"). */
export class ApiError extends Error {
  /** @param {number} status @param {{code?: string, message?: string, field?: string}} told @param {number} [afterSeconds] */
  constructor(status, told, afterSeconds = 0) {
    super(told.message ?? "");
    this.status = status;
    this.code = told.code ?? "fault";
    this.field = told.field;
    this.afterSeconds = afterSeconds;
  }

  /** Whether a retry may help. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }
}

/**
 * @typedef {object} Asking
 * @property {number} [retry] how many times to retry after a temporary error, always with the same key
 * @property {string} [key] the Idempotency-Key, if the caller has one
 */
export const api = {
  /** @param {string} path below /api/v1 @param {Asking} [asking] */
  get: (path, asking) => ask("GET", path, undefined, asking),
  /** @param {string} path @param {object} [body] @param {Asking} [asking] */
  post: (path, body = {}, asking) => ask("POST", path, body, asking),
  /** @param {string} path @param {object} body @param {Asking} [asking] */
  put: (path, body, asking) => ask("PUT", path, body, asking),
  /** @param {string} path @param {Asking} [asking] */
  delete: (path, asking) => ask("DELETE", path, undefined, asking),
};

async function ask(method, path, body, {retry = 0, key = uuid()} = {}) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await once(method, path, body, key);
    } catch (fault) {
      if (!(fault instanceof ApiError) || !fault.passing || tries >= retry) throw fault;
      await pause(Math.max(fault.afterSeconds * 1000, PAUSE_MS * 2 ** tries));
    }
  }
}

async function once(method, path, body, key) {
  const headers = {Accept: "application/json", "Accept-Language": lang()};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method === "POST") headers["Idempotency-Key"] = key;
  let answer;
  let told;
  try {
    answer = await fetch(path.startsWith("/api/") ? path : ROOT + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    told = answer.status === 204 ? {} : await answer.json().catch((fault) => broken(answer, fault));
  } catch {
    throw new ApiError(0, {code: "no_contact"});
  }
  if (answer.ok) return told;
  throw new ApiError(answer.status, told.error ?? {}, Number(answer.headers.get("Retry-After")) || 0);
}

/** A body that is not JSON: an error status still counts, a truncated success does not. */
function broken(answer, fault) {
  if (answer.ok) throw fault;
  return {};
}

/** A random UUID, also on plain HTTP (a kiosk), where crypto.randomUUID is missing. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
