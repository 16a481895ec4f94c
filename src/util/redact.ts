/** Keeps resolved secrets out of everything that is printed, logged, stored or sent to a page. */

const MASK = "***";
const known = new Set<string>();
let pattern: RegExp | undefined;

/** Remembers a resolved secret for the life of the process. Values under 4 characters are not masked: they would blank ordinary text. */
export function rememberSecret(value: string): void {
  if (value.length < 4 || known.has(value)) return;
  known.add(value);
  const encoded = [...known].flatMap((secret) => [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
  ]);
  const escaped = [...new Set(encoded)]
    .sort((a, b) => b.length - a.length)
    .map((secret) => secret.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  pattern = new RegExp(escaped.join("|"), "g");
}

/** The text with every remembered secret (also JSON- and URL-encoded) replaced by `***`. */
export function redact(text: string): string {
  return pattern === undefined ? text : text.replace(pattern, MASK);
}

/** Forgets all secrets: for tests. */
export function forgetSecrets(): void {
  known.clear();
  pattern = undefined;
}
