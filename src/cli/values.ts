/** Parsers of flag values and arguments: each throws a usage error that says what would be right. */
import { HeadgateError } from "../errors.ts";
import { nearest } from "../util/nearest.ts";

/** The text itself; for values that are checked later. */
export const text = (input: string): string => input;

/** A whole number of at least `least`. */
export const wholeNumber =
  (least: number) =>
  (input: string): number => {
    const value = Number(input);
    if (!/^\d+$/.test(input) || value < least || !Number.isSafeInteger(value)) {
      throw new HeadgateError("usage", `"${input}" is no whole number of at least ${least}`);
    }
    return value;
  };

/** One of several words; anything else is answered with the nearest of them. */
export const choice =
  <T extends string>(known: readonly T[]) =>
  (input: string): T => {
    const found = known.find((word) => word === input);
    if (found === undefined) throw unknownValue(input, known);
    return found;
  };

/** A time as UTC text with milliseconds, from any ISO 8601 date or time. */
export function time(input: string): string {
  const milliseconds = /^\d{4}-\d{2}-\d{2}/.test(input) ? Date.parse(input) : Number.NaN;
  if (Number.isNaN(milliseconds)) {
    throw new HeadgateError("usage", `"${input}" is no time`, { hint: "write it like 2026-11-21T06:30:00Z" });
  }
  return new Date(milliseconds).toISOString();
}

/** The usage error for a word that is none of the known ones. */
export function unknownValue(input: string, known: readonly string[]): HeadgateError {
  const near = nearest(input, known);
  return new HeadgateError("usage", `"${input}" is none of ${known.join(", ")}`, {
    hint: near === undefined ? undefined : `did you mean "${near}"?`,
  });
}
