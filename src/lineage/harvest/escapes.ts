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
