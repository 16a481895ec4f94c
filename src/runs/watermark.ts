/** Watermarks as values: how they are kept, compared, and shown to a task. */
import type { Parameter, ParameterType } from "../model/process.ts";
import type { ActiveWatermark } from "../model/run-answer.ts";
import { utc } from "../util/clock.ts";
import { wallTime, zoneOf } from "../util/zone.ts";

/** What a task reads from when a watermark of dates is empty (bulk mode). */
const FLOOR = "1900-01-01 00:00:00.000";
const INT64 = { least: -(2n ** 63n), most: 2n ** 63n - 1n };
const DATE_TEXT = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;

/** A date or time text as UTC text with milliseconds; without a zone it is UTC. */
function instantText(text: string): string | undefined {
  const match = DATE_TEXT.exec(text.trim());
  if (!match) return undefined;
  const [, day, time = "00:00:00", zone = "Z"] = match;
  const at = Date.parse(`${day}T${time}${zone}`);
  return Number.isNaN(at) ? undefined : utc(at);
}

/**
 * A value as it is kept: UTC text with milliseconds, digits, `true` or `false`; a SYSTEM date at midnight UTC.
 * @returns undefined for a text that is no value of this type. `0` and `-1` of DELTA_ID mean bulk, as in the original: null
 */
export function keptValue(type: ParameterType, text: string): string | null | undefined {
  switch (type) {
    case "DELTA_DATE":
      return instantText(text);
    case "SYSTEM": {
      const at = instantText(text);
      return at && `${at.slice(0, 10)}T00:00:00.000Z`;
    }
    case "DELTA_ID": {
      if (!/^-?\d{1,19}$/.test(text.trim())) return undefined;
      const id = BigInt(text.trim());
      if (id < INT64.least || id > INT64.most) return undefined;
      return id === 0n || id === -1n ? null : id.toString();
    }
    case "FLAG":
      if (/^(true|1)$/i.test(text.trim())) return "true";
      return /^(false|0)$/i.test(text.trim()) ? "false" : undefined;
  }
}

/** What a value of a type looks like, for messages. */
export const VALUE_WORDS: Record<ParameterType, string> = {
  DELTA_DATE: "a time such as 2026-04-09T06:30:00Z",
  SYSTEM: "a date such as 2026-04-09",
  DELTA_ID: "a whole number of 64 bits",
  FLAG: "true or false",
};

/** True where a value (as it is kept) lies after another one. Anything lies after nothing. */
export function isForward(type: ParameterType, before: string | null, after: string | null): boolean {
  if (after === null) return false;
  if (before === null) return true;
  return type === "DELTA_ID" ? BigInt(after) > BigInt(before) : after > before;
}

const sqlTime = (milliseconds: number): string => utc(milliseconds).replace("T", " ").replace("Z", "");

/** Today in a time zone (UTC where it is unknown). @param now milliseconds */
export function dayIn(timezone: string, now: number): string {
  const zone = zoneOf(timezone);
  return utc(zone ? wallTime(zone, now) : now).slice(0, 10);
}

/** A parameter as a task is to use it: its text is never empty. @param now milliseconds */
export function activeWatermark(parameter: Parameter, timezone: string, now: number): ActiveWatermark {
  const { name, type, value, lookbackSeconds } = parameter;
  const active = (): string => {
    switch (type) {
      case "DELTA_DATE":
        return value === null ? FLOOR : sqlTime(Date.parse(value) - lookbackSeconds * 1_000);
      case "DELTA_ID":
        return value ?? "0";
      case "FLAG":
        return value ?? "false";
      case "SYSTEM":
        return value === null ? dayIn(timezone, now) : value.slice(0, 10);
    }
  };
  const isBulk = value === null && (type === "DELTA_DATE" || type === "DELTA_ID");
  return { name, type, activeValue: active(), value, isBulk };
}
