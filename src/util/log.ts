/** The talk of the program: short lines on stderr, by level, with every known secret masked. */
import { redact } from "./redact.ts";

/** From least to most talk. */
export const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;

/** How much is said. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Says something at a level; what is above the set level is dropped. */
export interface Log {
  readonly level: LogLevel;
  error(message: string): void;
  warn(message: string): void;
  info(message: string): void;
  debug(message: string): void;
}

const PREFIX: Record<LogLevel, string> = { error: "error: ", warn: "warning: ", info: "", debug: "debug: " };

/**
 * Makes a log that writes one line a message, ended by a line feed.
 * @param options.level the most talkative level that is still written
 * @param options.write takes a whole line, redacted
 */
export function createLog(options: { level: LogLevel; write: (line: string) => void }): Log {
  const most = LOG_LEVELS.indexOf(options.level);
  const at = (level: LogLevel) => (message: string) => {
    if (LOG_LEVELS.indexOf(level) <= most) options.write(`${redact(PREFIX[level] + message)}\n`);
  };
  return { level: options.level, error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug") };
}

/** The level that `--quiet` (warnings and errors only) and `--verbose` ask for. */
export function logLevel(flags: { quiet: boolean; verbose: boolean }): LogLevel {
  if (flags.verbose) return "debug";
  return flags.quiet ? "warn" : "info";
}
