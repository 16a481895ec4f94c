/** Which encoding a text begins with: Windows tools (PowerShell's `>`, Excel) write UTF-16 with a mark. */

/**
 * The encoding that the mark at the beginning of some bytes names, or, without one, the zeros between the first letters
 * of UTF-16; UTF-8 otherwise.
 */
export function encodingOf(bytes: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const [first, second, third, fourth] = bytes;
  if (first && second === 0 && third && fourth === 0) return "utf-16le";
  return first === 0 && second && third === 0 && fourth ? "utf-16be" : "utf-8";
}
