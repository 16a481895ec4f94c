/** The requests the workspace has seen, the newest ones, for tests that assert on what was sent. */
import { type Json, parseJson } from "../json.ts";

export interface LoggedRequest {
  /** 1, 2, 3, … since the start. */
  number: number;
  /** Machine's time, ISO. */
  time: string;
  method: string;
  path: string;
  query: Record<string, string>;
  /** User name; undefined where nobody was recognised. */
  principal: string | undefined;
  userAgent: string | undefined;
  /** Body of a write: parsed JSON, or the number of bytes of anything else (a form may hold a secret). */
  body: Json | undefined;
  /** 0 when the connection was dropped before an answer. */
  status: number;
  /** Whether the request took effect (it may have, although the answer was lost). */
  handled: boolean;
  /** Name of the fault that hit it. */
  fault: string | undefined;
  durationMs: number;
}

export interface RequestLog {
  /** Gives the next number. */
  next(): number;
  /** Bodies are parsed when somebody looks. */
  add(entry: Omit<LoggedRequest, "body">, bytes: Buffer): void;
  list(filter?: { method?: string; path?: string; principal?: string }): LoggedRequest[];
  clear(): void;
}

/** @param size entries kept */
export function makeRequestLog(size: number): RequestLog {
  let entries: { entry: Omit<LoggedRequest, "body">; bytes: Buffer }[] = [];
  let counter = 0;
  return {
    next: () => ++counter,
    add(entry, bytes) {
      entries.push({ entry, bytes });
      if (entries.length > size * 1.5) entries = entries.slice(-size);
    },
    list(filter = {}) {
      const path = filter.path === undefined ? undefined : new RegExp(filter.path);
      return entries
        .slice(-size)
        .filter(
          ({ entry }) =>
            (filter.method === undefined || entry.method === filter.method) &&
            (filter.principal === undefined || entry.principal === filter.principal) &&
            (path === undefined || path.test(entry.path)),
        )
        .map(({ entry, bytes }) => ({ ...entry, body: bodyOf(bytes) }));
    },
    clear() {
      entries = [];
    },
  };
}

function bodyOf(bytes: Buffer): Json | undefined {
  if (bytes.length === 0) return undefined;
  try {
    return parseJson(bytes.toString("utf8"));
  } catch {
    return bytes.length; // Not JSON: a file's bytes, a form, or a broken request.
  }
}
