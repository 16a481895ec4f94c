/** The runs of a store in the shape of calls to a server: so that a wrapped command is reported in one way to both. */
import type { ProjectRuns } from "../../app.ts";
import { type Call, HeadgateServerError } from "../../client/http.ts";
import { HeadgateError } from "../../errors.ts";

type Room = ProjectRuns["runs"];
type Send = (room: Room, body: never, context: { idempotencyKey?: string | undefined }) => Promise<unknown>;

/** What a wrapped command reports. */
const VERBS: Record<string, Send> = {
  "/runs/start": (room, body, context) => room.startTask(body, context),
  "/runs/heartbeat": (room, body, context) => room.heartbeat(body, context),
  "/runs/end": (room, body, context) => room.endTask(body, context),
  "/runs/fail": (room, body, context) => room.failTask(body, context),
};

/** Status by exit code: 3 is refused by the state, 65 is wrong for good; all else may be better later. */
const STATUS_OF_EXIT: Record<number, number> = { 3: 409, 65: 422 };

function asServerError(error: unknown): HeadgateServerError {
  if (!(error instanceof HeadgateError)) {
    const message = error instanceof Error ? error.message : String(error);
    return new HeadgateServerError(0, "store_failed", message, { cause: error });
  }
  const { code, message, hint, data } = error;
  // A store of another version is no fault of the report.
  const status = code.startsWith("store_") || code.startsWith("config_") ? 0 : (STATUS_OF_EXIT[error.exitCode] ?? 0);
  return new HeadgateServerError(status, code, message, { hint, data, cause: error });
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new HeadgateServerError(0, "no_answer", `the store has not answered in ${milliseconds / 1_000} s`));
    }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Calls that reach a room in this process, as a server would answer them. */
export function localCall(room: Room): Call {
  return async <T>(_method: string, path: string, options: Parameters<Call>[2] = {}) => {
    const { body, idempotencyKey, timeoutMs = 5_000 } = options;
    const send = VERBS[path];
    if (send === undefined) throw new Error(`a wrapped command does not call ${path}`);
    try {
      return (await within(timeoutMs, send(room, body as never, { idempotencyKey }))) as T;
    } catch (error) {
      throw error instanceof HeadgateServerError ? error : asServerError(error);
    }
  };
}
