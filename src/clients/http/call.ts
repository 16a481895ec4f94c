/** What goes over the wire, and what comes back. */

/** One HTTP call. */
export interface HttpCall {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Absolute URL without a query. */
  url: string;
  /** Undefined values are left out. */
  query?: Record<string, string | number | boolean | undefined> | undefined;
  headers?: Record<string, string> | undefined;
  /** Sent as JSON (bigint as bare digits). */
  json?: unknown;
  /** Sent as a form. */
  form?: Record<string, string> | undefined;
  /** Sent as it is. */
  bytes?: Uint8Array<ArrayBuffer> | undefined;
  /** True when a repeat does no harm: only such a call is repeated after a lost answer. */
  safe: boolean;
  /** Time limit of one attempt in milliseconds. */
  timeoutMs?: number | undefined;
  /** Ends the call, also while it is under way. */
  signal?: AbortSignal | undefined;
  /** Ends the waiting for a repeat only: an attempt that is under way is let finish. */
  patience?: AbortSignal | undefined;
}

/** A good answer (2xx). */
export interface HttpAnswer {
  status: number;
  headers: Headers;
  text: string;
}
