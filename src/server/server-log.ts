/** The server's log: one JSON line a happening on stderr, secrets masked, no query strings. */
import { type Logger, pino } from "pino";
import { redact } from "../util/redact.ts";

export type { Logger };

/**
 * Makes a log.
 * @param options.level `error`, `warn`, `info`, `debug` or `silent`
 * @param options.write takes whole lines, masked already
 */
export function createServerLog(options: { level: string; write: (line: string) => void }): Logger {
  return pino(
    { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line: string) => options.write(redact(line)) },
  );
}
