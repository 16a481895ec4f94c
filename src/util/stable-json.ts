/** Canonical JSON text: keys sorted, no blanks, so that equal values have equal text. */

/** Names of members as JSON text: they repeat from object to object. Kept up to so many. */
const names = new Map<string, string>();
const MOST_NAMES = 10_000;

function nameText(name: string): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  if (names.size >= MOST_NAMES) names.clear();
  const text = JSON.stringify(name);
  names.set(name, text);
  return text;
}

/** Canonical text of a JSON value (bigint as digits; undefined members are left out). */
export function stableJson(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object") return JSON.stringify(value) ?? "null";
  let text = "";
  if (Array.isArray(value)) {
    for (const element of value) text += text === "" ? stableJson(element) : `,${stableJson(element)}`;
    return `[${text}]`;
  }
  const record = value as Record<string, unknown>;
  for (const key of Object.keys(record).sort()) {
    if (record[key] === undefined) continue;
    const member = `${nameText(key)}:${stableJson(record[key])}`;
    text += text === "" ? member : `,${member}`;
  }
  return `{${text}}`;
}
