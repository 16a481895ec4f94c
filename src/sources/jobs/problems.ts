/** Gathers the faults of one source, each with its place. */
import type { Place, Problem } from "../../model/problem.ts";
import { placeOfSpot, type Spot } from "../../util/placed-yaml.ts";

/** A fault before it has its place. */
export interface Fault {
  severity?: "error" | "warning";
  code: string;
  message: string;
  hint?: string | undefined;
  resource?: string | undefined;
}

/** The problem of a fault at a spot. */
export function problemAt(spot: Spot | undefined, path: string, fault: Fault): Problem {
  return {
    severity: fault.severity ?? "error",
    code: fault.code,
    place: spot && placeOfSpot(spot),
    path,
    message: fault.message,
    hint: fault.hint,
    resource: fault.resource,
  };
}

/** `jobs/a.yml:3:5`. */
export function placeText(place: Place): string {
  return `${place.file}:${place.line}:${place.column}`;
}
