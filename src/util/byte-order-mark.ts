/** Which encoding a text begins with: Windows tools (PowerShell's `>`, Excel) write UTF-16 with a mark. */

/** The encoding that the mark at the beginning of some bytes names; UTF-8 without any. */
export function encodingOf(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
}
