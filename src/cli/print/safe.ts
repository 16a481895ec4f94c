/** Makes text from outside harmless on a terminal: no escape sequences, no invisible reordering. */

/**
 * Controls (C0, C1, DEL), format characters (bidirectional marks, zero-width space, BOM, tags), line and paragraph
 * separators, lone surrogates. A value with one of these could repaint the screen or show a diff that is not there.
 * The two joiners stay: emoji and Indic scripts need them.
 */
const UNSAFE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const SHORT: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** The text on one line with every control character written as `\n`, `\t` or `\u001b`. */
export function safe(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const hex = (character.codePointAt(0) ?? 0).toString(16);
    return SHORT[character] ?? (hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, "0")}`);
  });
}
