/** What a process is run for: the mode in effect, and the processing date that follows. */
import type { Parameter, ProcessMode } from "../model/process.ts";
import { dayIn } from "./watermark.ts";

/** Until when a mode stays that is to stay until somebody changes it. */
export const STAYS = "9999-12-31T23:59:59.999Z";

/** The mode in effect at a time (UTC text): one that has run out is live again. */
export function modeAt(mode: ProcessMode | null | undefined, now: string): ProcessMode["mode"] {
  if (!mode || (mode.until !== null && mode.until <= now)) return "live";
  return mode.mode;
}

/** The processing date of a run that names none: the historic date, else today in the process's time zone. */
export function processingDate(
  parameters: readonly Parameter[],
  mode: ProcessMode | null | undefined,
  timezone: string,
  now: number,
): string {
  const set = parameters.find((one) => one.name === "SYSDT")?.value;
  const ended = mode && mode.mode === "historic" && modeAt(mode, new Date(now).toISOString()) === "live";
  return set && !ended ? set.slice(0, 10) : dayIn(timezone, now);
}

/** A historic run that completed ends historic mode, unless it was told to stay. */
export function endsWithRun(mode: ProcessMode | null): boolean {
  return mode !== null && mode.mode === "historic" && mode.until === null;
}
