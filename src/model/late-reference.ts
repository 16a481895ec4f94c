/** References that wait until settings are sent: secrets, other jobs, saved queries. The language is in `reference.ts`. */
import { isObject, type Json } from "../util/json.ts";
import { parseReference, type Segment } from "./reference.ts";

/** A reference that waits until settings are sent: a secret, another job, or a saved query. */
export type LateReference = Extract<Segment, { kind: "env" | "file" | "job" | "query" }>;

/** Literal text that was kept from being taken for a late reference, or such a reference. */
const SHIELDED_OR_LATE =
  /\$\$\{(?=env:|file:|resources\.(?:jobs|queries)\.)|\$\{((?:env:|file:|resources\.(?:jobs|queries)\.)[^}]*)\}/g;

function lateReference(inner: string | undefined, raw: string, at: number): LateReference | undefined {
  const segment = inner === undefined ? undefined : parseReference(inner, raw, at);
  switch (segment?.kind) {
    case "env":
    case "file":
    case "job":
    case "query":
      return segment;
    default:
      return undefined;
  }
}

/** The late references in a text of a declared job's settings. */
export function lateReferences(text: string): LateReference[] {
  return [...text.matchAll(SHIELDED_OR_LATE)].flatMap((match) => lateReference(match[1], match[0], match.index) ?? []);
}

function fillLateText(text: string, fill: (reference: LateReference) => Json | undefined): Json {
  if (!text.includes("${")) return text;
  const [only] = lateReferences(text);
  if (only?.raw === text) return fill(only) ?? text;
  return text.replace(SHIELDED_OR_LATE, (raw, inner: string | undefined, at: number) => {
    if (raw === "$${") return "${";
    const reference = lateReference(inner, raw, at);
    const filled = reference && fill(reference);
    return filled === undefined ? raw : String(filled);
  });
}

/**
 * Settings of a declared job with their late references filled: what is sent. `fill` gives the value of one, or
 * undefined to leave it as written. A text that is exactly one reference takes the value with its type.
 */
export function fillLate(value: Json, fill: (reference: LateReference) => Json | undefined): Json {
  if (typeof value === "string") return fillLateText(value, fill);
  if (Array.isArray(value)) return value.map((item) => fillLate(item, fill));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [String(fillLateText(key, fill)), fillLate(member ?? null, fill)]),
  );
}
