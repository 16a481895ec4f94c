/** One changed field as a sign and a line: `~ path  before → after`, `!` where the workspace moved. */
import type { FieldChange } from "../../model/plan.ts";
import { stableJson } from "../../util/stable-json.ts";
import { safe } from "./safe.ts";
import { valueText } from "./value.ts";

/** `+` appears, `-` goes, `~` changes by us, `!` was changed by others (drift) or by both (conflict). */
export type FieldSign = "+" | "-" | "~" | "!";

/** A field as it is shown. */
export interface FieldLine {
  sign: FieldSign;
  path: string;
  /** `0 → 2`, or for drift and conflict with what was found. */
  text: string;
  /** `jobs/sales.yml:12:7`, or "". */
  place: string;
}

/** Sign and text of one changed field. Values are safe for a terminal and cut to `most` columns each. */
export function fieldLine(field: FieldChange, most?: number): FieldLine {
  const { kind, before, actual, after, place, kept: stays } = field;
  const show = (value: typeof before) => valueText(value, most);
  const where = place === undefined ? "" : safe(`${place.file}:${place.line}:${place.column}`);
  const path = safe(field.path);
  if (kind === "declared") {
    if (before === undefined) return { sign: "+", path, text: show(after), place: where };
    if (after === undefined) return { sign: "-", path, text: show(before), place: where };
    return { sign: "~", path, text: `${show(before)} → ${show(after)}`, place: where };
  }
  // Where nothing was found, the field is gone from the workspace; that is never what we applied.
  const applied = before !== undefined ? `${show(before)}, ` : "";
  const found = actual === undefined ? "nothing" : show(actual);
  const goal = after === undefined ? "removed" : show(after);
  if (stays === true) return { sign: "!", path, text: `${applied}found ${found} (${kind}, kept)`, place: where };
  const kept = actual !== undefined && after !== undefined && stableJson(actual) === stableJson(after);
  return { sign: "!", path, text: `${applied}found ${found}${kept ? "" : ` → ${goal}`} (${kind})`, place: where };
}
