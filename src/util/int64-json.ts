/** JSON in and out without losing 64-bit integers: what a double cannot hold becomes a bigint. */
import { parse, stringify } from "lossless-json";
import { isObject, type Json, type JsonObject } from "./json.ts";

const INTEGER = /^-?\d+$/;

function parseNumber(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) || !INTEGER.test(text) ? value : BigInt(text);
}

/** Stands before the digits of a large integer while the text goes through `JSON.parse`. */
const MARK = "\x7F";
/** The same, as a string of JSON may spell it: a text that has one is left to the careful parser. */
const SPELT_MARKS = [MARK, "\\u007f", "\\u007F"];

/**
 * Parses JSON text; integers beyond 2^53 become `bigint`, all other numbers `number`.
 * `JSON.parse` does the work, with large integers put into marked strings before and taken out after: five times as
 * fast as a parser written in JavaScript.
 * @throws SyntaxError with the position when the text is not JSON
 */
export function parseJson(text: string): Json {
  if (!/\d{16}/.test(text)) return JSON.parse(text) as Json;
  if (SPELT_MARKS.some((mark) => text.includes(mark))) return parse(text, undefined, parseNumber) as Json;
  const marked = markLarge(text);
  if (marked.count === 0) return JSON.parse(text) as Json;
  return unmarked(parseMarked(marked.text, text), { left: marked.count });
}

/** Parses a marked text. @throws SyntaxError with the position in the original text */
function parseMarked(marked: string, text: string): Json {
  try {
    return JSON.parse(marked) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) JSON.parse(text);
    throw error;
  }
}

/** The text with each integer that a double cannot hold as a marked string. Digits within strings stay as they are. */
function markLarge(text: string): { text: string; count: number } {
  const digits = /\d{16,}/g;
  const parts: string[] = [];
  let done = 0;
  let quote = text.indexOf('"');
  let inString = false;
  for (let run = digits.exec(text); run !== null; run = digits.exec(text)) {
    for (; quote >= 0 && quote < run.index; quote = text.indexOf('"', quote + 1)) {
      if (!inString || !isEscaped(text, quote)) inString = !inString;
    }
    if (inString) continue;
    const start = text[run.index - 1] === "-" ? run.index - 1 : run.index;
    if (!isLargeInteger(text, start, run.index, digits.lastIndex)) continue;
    parts.push(text.slice(done, start), `"${MARK}${text.slice(start, digits.lastIndex)}"`);
    done = digits.lastIndex;
  }
  if (done === 0) return { text, count: 0 };
  const count = parts.length / 2;
  parts.push(text.slice(done));
  return { text: parts.join(""), count };
}

function isEscaped(text: string, quote: number): boolean {
  let at = quote - 1;
  while (text[at] === "\\") at -= 1;
  return (quote - at) % 2 === 0;
}

/**
 * True where a whole value of the text is an integer beyond 2^53: no part of a fraction or an exponent, no key, no
 * leading zero. Whatever else stands there, `JSON.parse` must see and refuse.
 */
function isLargeInteger(text: string, start: number, first: number, end: number): boolean {
  if (text[first] === "0" || /[\w.+-]/.test(text[start - 1] ?? "")) return false;
  let after = end;
  while (/\s/.test(text[after] ?? "")) after += 1;
  const next = text[after];
  if (next !== undefined && next !== "," && next !== "]" && next !== "}") return false;
  return !Number.isSafeInteger(Number(text.slice(start, end)));
}

/** The value with marked strings as bigints again; ends its search with the last one. */
function unmarked(value: Json, marks: { left: number }): Json {
  if (typeof value === "string") {
    if (!value.startsWith(MARK)) return value;
    marks.left -= 1;
    return BigInt(value.slice(1));
  }
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && marks.left > 0; index += 1) {
      const inner = value[index] as Json;
      if (typeof inner === "object" || typeof inner === "string") value[index] = unmarked(inner, marks);
    }
  } else if (isObject(value)) unmarkMembers(value, marks);
  return value;
}

function unmarkMembers(object: JsonObject, marks: { left: number }): void {
  for (const key in object) {
    if (marks.left === 0) return;
    const inner = object[key];
    if (typeof inner !== "object" && typeof inner !== "string") continue;
    const value = unmarked(inner, marks);
    // A member `__proto__` is an own one after JSON.parse, and is kept one: its value is only set anew where it changed.
    if (value !== inner)
      Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
  }
}

/** Writes JSON for the wire: a `bigint` is written as bare digits. */
export function formatWireJson(value: unknown): string {
  return (holdsBigint(value) ? stringify(value) : JSON.stringify(value)) ?? "null";
}

function holdsBigint(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return typeof value === "bigint";
  if (Array.isArray(value)) return value.some(holdsBigint);
  for (const key in value) if (holdsBigint((value as Record<string, unknown>)[key])) return true;
  return false;
}

/** Writes JSON for people and programs: a `bigint` becomes a string, since most readers would round it. */
export function formatJson(value: unknown, indent?: number): string {
  return (
    JSON.stringify(value, (_key, inner) => (typeof inner === "bigint" ? inner.toString() : inner), indent) ?? "null"
  );
}
