/** Secrets that are planted for tests, and the search for them in everything that comes out: as they are, and as they may be encoded. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Planted values by what they are. Made of pieces, so that nothing looks like a real secret. */
export const CANARIES = {
  token: ["canary", "token", "7f3a91"].join("-"),
  clientSecret: ["canary", "client-secret", "b00c/+=&"].join("-"),
  setting: ["canary", "setting", "41d2"].join("-"),
  quoted: ["canary", '"quoted"\\and\nof two lines', "9c"].join("-"),
  file: ["canary", "file", "e77b"].join("-"),
  rotated: ["canary", "rotated", "5a5a"].join("-"),
  password: ["canary", "pass%40word", "31"].join("-"),
} as const;

export type CanaryName = keyof typeof CANARIES;

/** The forms in which a value may stand in a text. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  const whole = [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    bytes.toString("base64"),
    bytes.toString("base64url"),
    bytes.toString("hex"),
  ];
  // A part of it is a leak too: a message that was cut, the first line of several.
  const part = value.slice(0, 12);
  return [...new Set([...whole, part, JSON.stringify(part).slice(1, -1)])];
}

/** Names of the canaries that a text or a file's bytes hold. */
export function canariesIn(found: string | Buffer): CanaryName[] {
  const bytes = typeof found === "string" ? Buffer.from(found) : found;
  return (Object.keys(CANARIES) as CanaryName[]).filter((name) =>
    formsOf(CANARIES[name]).some((form) => bytes.includes(form)),
  );
}

/** Files below a folder that hold canaries, but for those named: `path: names`. */
export function canariesBelow(folder: string, except: readonly string[] = []): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).flatMap((name) => {
    const path = join(folder, name);
    if (except.includes(name) || !statSync(path).isFile()) return [];
    const found = canariesIn(readFileSync(path));
    return found.length === 0 ? [] : [`${name}: ${found.join(", ")}`];
  });
}
