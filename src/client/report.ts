/** Reports: what happened is told to the server or kept for later, and never fails who tells it. */
import { randomUUID } from "node:crypto";
import { type Call, HeadgateServerError } from "./http.ts";
import { maskSecrets } from "./mask.ts";
import { isRetryable } from "./rest-after-failure.ts";
import { type Delivery, type Drained, openSpool, type Spool, type SpooledEvent } from "./spool.ts";

/** What became of a report. */
export type Report<T> =
  | { outcome: "accepted"; answer: T }
  /** The server said no: the state does not allow it, or the request is wrong. */
  | { outcome: "refused"; error: HeadgateServerError }
  /** No server now: kept in the spool, delivered later with the same id. */
  | { outcome: "spooled"; error: HeadgateServerError }
  /** No server now, and no spool to keep it in. */
  | { outcome: "lost"; error: HeadgateServerError };

/** What {@link createReporter} takes. */
export interface ReporterOptions {
  /** Fails at once while the server is left alone. */
  call: Call;
  /** File for what cannot be delivered; none when absent. */
  spool?: string | undefined;
  /** Most that one report may take, milliseconds. */
  timeoutMs: number;
  /** Told in one line what is wrong with the monitoring; each trouble once until it ends. */
  onWarning: (message: string) => void;
  /** Reports throw instead: for programs that want to fail with the monitor. */
  strict?: boolean | undefined;
}

/** How one report is made. */
export interface ReportOptions {
  /** Idempotency key; a new one when absent. */
  idempotencyKey?: string | undefined;
  /** What the body gets when it is kept for later: that it waited, and when it happened. */
  whenSpooled?: ((at: string) => Record<string, unknown>) | undefined;
  /** False: it says nothing once it is late, and is not kept. */
  keep?: boolean | undefined;
}

/** Tells a server what happened. */
export interface Reporter {
  /** Reports go out one after the other, in the order of the calls. */
  report<T>(path: string, body: object, options?: ReportOptions): Promise<Report<T>>;
  /** Delivers what waits in the spool, as far as the server takes it within the time of one report. */
  flush(): Promise<Drained>;
}

const NOTHING: Drained = { delivered: 0, refused: 0, left: false };

/** Every text of a body without what looks like a secret. */
function masked(value: unknown): unknown {
  if (typeof value === "string") return maskSecrets(value);
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, masked(inner)]));
}

/** Makes a reporter. */
export function createReporter(options: ReporterOptions): Reporter {
  const { call, timeoutMs, onWarning, strict = false } = options;
  const spool: Spool | undefined = options.spool ? openSpool(options.spool) : undefined;
  /** Why the spool could not be emptied. */
  let behind: HeadgateServerError | undefined;
  let warned: string | undefined;
  let last: Promise<unknown> = Promise.resolve();

  function warn(message: string): void {
    if (warned === message) return;
    warned = message;
    onWarning(message);
  }

  async function send<T>(path: string, body: unknown, key: string, within: number): Promise<T> {
    const answer = await call<T>("POST", path, { body, idempotencyKey: key, timeoutMs: Math.max(1, within) });
    warned = undefined;
    return answer;
  }

  async function deliver(event: SpooledEvent, until: number): Promise<Delivery> {
    const left = until - Date.now();
    if (left <= 0) return "later";
    try {
      await send(event.path, event.body, event.id, left);
      return "done";
    } catch (error) {
      if (!(error instanceof HeadgateServerError)) throw error;
      if (isRetryable(error)) {
        behind = error;
        return "later";
      }
      onWarning(`a spooled event was refused: ${error.message}`);
      return "refused";
    }
  }

  async function drain(until: number): Promise<Drained> {
    if (spool === undefined || !(await spool.waiting())) return NOTHING;
    const drained = await spool.drain((event) => deliver(event, until));
    if (drained.delivered > 0) onWarning(`${drained.delivered} spooled events were delivered`);
    return drained;
  }

  /** Keeps a report for later; a spool that cannot be written is one more trouble that fails nobody. */
  async function keep<T>(event: SpooledEvent, error: HeadgateServerError): Promise<Report<T>> {
    if (spool === undefined) {
      warn(`not monitored: ${error.message}; set HEADGATE_SPOOL to keep events for later`);
      return { outcome: "lost", error };
    }
    try {
      await spool.append({ ...event, body: masked(event.body) as Record<string, unknown> });
      warn(`monitoring is away, events wait in ${spool.file}: ${error.message}`);
      return { outcome: "spooled", error };
    } catch (failure) {
      warn(`not monitored: ${error.message}; and ${spool.file} cannot be written: ${(failure as Error).message}`);
      return { outcome: "lost", error };
    }
  }

  const notKept = <T>(error: HeadgateServerError): Report<T> => {
    warn(`monitoring is away: ${error.message}`);
    return { outcome: "lost", error };
  };

  async function tell<T>(path: string, body: object, wish: ReportOptions): Promise<Report<T>> {
    const at = new Date().toISOString();
    const until = Date.now() + timeoutMs;
    const id = wish.idempotencyKey ?? randomUUID();
    const later = async (error: HeadgateServerError): Promise<Report<T>> =>
      wish.keep === false
        ? notKept(error)
        : keep({ id, path, body: { ...body, ...wish.whenSpooled?.(at) }, at }, error);
    try {
      // What happened before goes first: the server would judge this by a state that is not yet true.
      const { left } = await drain(until);
      if (left) {
        const why = behind ?? new HeadgateServerError(0, "spool_waits", "earlier events wait to be delivered");
        return await later(why);
      }
      return { outcome: "accepted", answer: await send<T>(path, body, id, until - Date.now()) };
    } catch (error) {
      if (!(error instanceof HeadgateServerError)) throw error;
      if (isRetryable(error)) return later(error);
      warn(`the monitor refused: ${error.message}`);
      return { outcome: "refused", error };
    }
  }

  return {
    report<T>(path: string, body: object, wish: ReportOptions = {}) {
      const told = last.then(async () => {
        try {
          const report = await tell<T>(path, body, wish);
          if (strict && report.outcome !== "accepted") throw report.error;
          return report;
        } catch (error) {
          if (strict) throw error;
          if (error instanceof HeadgateServerError) return { outcome: "lost", error } as Report<T>;
          // A disk that fails, a lock that cannot be made: the caller's work goes on all the same.
          const cause = error instanceof Error ? error : new Error(String(error));
          warn(`not monitored: ${cause.message}`);
          return {
            outcome: "lost",
            error: new HeadgateServerError(0, "client_failed", cause.message, { cause }),
          } as Report<T>;
        }
      });
      last = told.catch(() => undefined);
      return told;
    },
    flush() {
      const drained = last.then(() => drain(Date.now() + timeoutMs));
      last = drained.catch(() => undefined);
      return drained;
    },
  };
}
