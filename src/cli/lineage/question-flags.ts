/** What commands that ask about lineage have in common: the date, its window, how far. */
import { HeadgateError } from "../../errors.ts";
import type { Moment } from "../../model/lineage-question.ts";
import { parseDuration } from "../../util/duration.ts";
import { wholeNumber } from "../values.ts";

/** A day, from any ISO 8601 date or time. */
export function day(input: string): string {
  const milliseconds = /^\d{4}-\d{2}-\d{2}/.test(input) ? Date.parse(input) : Number.NaN;
  if (Number.isNaN(milliseconds)) {
    throw new HeadgateError("usage", `"${input}" is no day`, { hint: "write it like 2026-11-20" });
  }
  return new Date(milliseconds).toISOString().slice(0, 10);
}

/** Days of a window: `30d`; a bare number is days. */
export function days(input: string): number {
  const whole = /^\d+$/.test(input) ? Number(input) : Math.round((parseDuration(input) ?? 0) / 86_400_000);
  if (whole < 1) throw new HeadgateError("usage", `"${input}" is no number of days`, { hint: "write it like 30d" });
  return whole;
}

/** Flags that say which graph is meant. */
export const MOMENT_FLAGS = {
  at: {
    kind: "parsed",
    parse: day,
    optional: true,
    placeholder: "DAY",
    brief: "the graph as it was then; default: the last day known",
  },
  window: {
    kind: "parsed",
    parse: days,
    optional: true,
    placeholder: "DAYS",
    brief: "how long an edge stays after it was last seen; default: 30d",
  },
} as const;

/** A flag with a number of steps. */
export const stepsFlag = (brief: string) =>
  ({ kind: "parsed", parse: wholeNumber(0), optional: true, placeholder: "STEPS", brief }) as const;

export interface MomentFlags {
  at?: string;
  window?: number;
}

export const momentOf = ({ at, window }: MomentFlags): Moment => ({ at, windowDays: window });
