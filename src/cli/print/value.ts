/** A value of a field in one short line: strings in quotes, so that "1" is not 1, long ones cut. */
import type { Json } from "../../util/json.ts";
import { redact } from "../../util/redact.ts";
import { safe } from "./safe.ts";
import { cutTo } from "./width.ts";

/** `1 field`, `2 fields`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${group(number)} ${number === 1 ? noun : plural}`;
}

/** A number with thin thousands: `12,400`. */
export function group(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/**
 * The value as compact JSON on one line, made safe for a terminal; secrets are masked before anything is cut, so that
 * no part of one is left. What is longer than `most` columns is cut and says how long it was.
 */
export function valueText(value: Json | undefined, most = 72): string {
  if (value === undefined) return "nothing";
  const whole = JSON.stringify(value, (_key, inner: unknown) => (typeof inner === "bigint" ? inner.toString() : inner));
  const text = safe(redact(whole));
  const cut = cutTo(text, most);
  return cut === text ? text : `${cut} (${count(text.length, "character")})`;
}
