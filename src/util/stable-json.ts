/** Canonical JSON text: keys sorted, no blanks, so that equal values have equal text. */

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
    const member = `${JSON.stringify(key)}:${stableJson(record[key])}`;
    text += text === "" ? member : `,${member}`;
  }
  return `{${text}}`;
}
