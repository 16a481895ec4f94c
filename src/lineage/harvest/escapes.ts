/** Takes one level of JSON escapes away. */

/**
 * What the characters of a text stand for: `text` for characters, `bytes` for one character a byte of UTF-8 (so that a
 * character cut in its middle is whole again once the parts are joined).
 */
export type Domain = "text" | "bytes";

const ESCAPES = /(?:\\u[0-9a-fA-F]{4})+|\\[^u]/g;

/** The text as people read it. */
export function asText(text: string, domain: Domain): string {
  return domain === "text" || !/[\x80-\xff]/.test(text) ? text : Buffer.from(text, "latin1").toString("utf8");
}

/** The inside of a JSON string without its escapes, in the same domain. An escape that is torn at its end stays as it is. */
export function withoutEscapes(body: string, domain: Domain): string {
  if (!body.includes("\\")) return body;
  return body.replace(ESCAPES, (found) => {
    const value = JSON.parse(`"${found}"`) as string;
    return domain === "text" ? value : Buffer.from(value, "utf8").toString("latin1");
  });
}

/** True for a text with escapes that JSON does not have outside its strings, but Python's `repr` has anywhere. */
export const inPython = (text: string): boolean => /\\(?:['\\]|x[0-9a-f]{2})/.test(text);

const PYTHON = /(?:\\x[0-9a-f]{2})+|\\(.)/gs;
const SIGNS: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

/** Bytes that Python wrote as `\xc3\xa9`: UTF-8 where they are such, else characters of Latin-1. */
function fromHex(text: string, domain: Domain): string {
  const bytes = Buffer.from(text.replaceAll("\\x", ""), "hex");
  const whole = bytes.toString("utf8");
  const characters = whole.includes("\ufffd") ? bytes.toString("latin1") : whole;
  return domain === "text" ? characters : Buffer.from(characters, "utf8").toString("latin1");
}

/**
 * The inside of a string of Python without its escapes (Airflow's API answers with the `repr` of its lines). What is no
 * escape of Python is one of the JSON in it and stays.
 */
export function withoutPythonEscapes(text: string, domain: Domain): string {
  return text.replace(PYTHON, (found, sign?: string) => {
    if (sign === undefined) return fromHex(found, domain);
    return SIGNS[sign] ?? (sign === "'" || sign === "\\" ? sign : found);
  });
}
