/** JSON in and out without losing 64-bit integers: what a double cannot hold becomes a bigint. */

export type Json = null | boolean | number | bigint | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json | undefined;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const INTEGER = /^-?\d+$/;
/** Stands in front of a big integer between the two passes; a private-use character that no request carries. */
const MARK = "\uE0F0int64:";

/**
 * Parses JSON text; integers beyond 2^53 become `bigint`.
 * @throws SyntaxError when the text is not JSON
 */
export function parseJson(text: string): Json {
  if (!/\d{16}/.test(text)) return JSON.parse(text) as Json;
  const marked = text.replace(TOKEN, (token) =>
    INTEGER.test(token) && !Number.isSafeInteger(Number(token)) ? `"${MARK}${token}"` : token,
  );
  return JSON.parse(marked, (_key, value) =>
    typeof value === "string" && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value,
  ) as Json;
}

/** Text that is JSON already, put into an answer as it is. */
export class RawJson {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Writes JSON; a bigint becomes bare digits, a {@link RawJson} is copied, `undefined` members are left out. */
export function formatJson(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object") return JSON.stringify(value);
  if (value instanceof RawJson) return value.text;
  if (Array.isArray(value)) return `[${value.map(formatJson).join(",")}]`;
  const members: string[] = [];
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${formatJson(member)}`);
  }
  return `{${members.join(",")}}`;
}

/** True for a JSON object (neither null nor a list). */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects among a list's elements; no list gives none. */
export function objectsIn(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** An id (decimal text) as the integer that goes over the wire. */
export function wireId(id: string): bigint {
  return BigInt(id);
}

/** An id out of a request (number, bigint or decimal text) as decimal text; undefined when it is none. */
export function readId(value: Json | undefined): string | undefined {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : undefined;
  return typeof value === "string" && INTEGER.test(value) ? BigInt(value).toString() : undefined;
}
