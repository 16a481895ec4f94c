/** Canonical JSON text: keys sorted, no blanks, so that equal values have equal text. */

/** Canonical text of a JSON value (bigint as digits; undefined members are left out). */
export function stableJson(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(stableJson).join(",")}]`;
  const record = value as Record<string, unknown>;
  const members: string[] = [];
  for (const key of Object.keys(record).sort()) {
    if (record[key] !== undefined) members.push(`${JSON.stringify(key)}:${stableJson(record[key])}`);
  }
  return `{${members.join(",")}}`;
}
