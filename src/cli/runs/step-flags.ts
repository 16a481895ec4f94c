/** Values of flags that are particular to tasks: metrics, leases. */
import { HeadgateError } from "../../errors.ts";
import type { Metrics as ModelMetrics } from "../../model/run-request.ts";
import { parseDuration } from "../../util/duration.ts";

/** `--metric rowsWritten=42`, once or more. */
export type Metrics = [name: string, value: number | string | boolean][];

/** One `name=value`; numbers and true/false are taken as such. @throws HeadgateError `usage` */
export function metric(input: string): Metrics[number] {
  const parts = /^([^=]+)=(.*)$/s.exec(input);
  if (parts === null) {
    throw new HeadgateError("usage", `"${input}" is no metric`, { hint: "write it like rowsWritten=42" });
  }
  const [, name = "", text = ""] = parts;
  if (text === "true" || text === "false") return [name, text === "true"];
  const number = Number(text);
  return [name, text.trim() !== "" && Number.isFinite(number) ? number : text];
}

/** The metrics of a request, none where none were given. */
export function metricsOf(given: Metrics | undefined): ModelMetrics | undefined {
  return given === undefined || given.length === 0 ? undefined : Object.fromEntries(given);
}

/** A duration in seconds. @throws HeadgateError `usage` */
export function seconds(input: string): number {
  const milliseconds = parseDuration(input);
  if (milliseconds !== undefined && milliseconds > 0) return milliseconds / 1_000;
  throw new HeadgateError("usage", `"${input}" is no duration`, { hint: "write it like 5m or 90s" });
}
