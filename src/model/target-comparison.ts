/** How the declarations of two targets differ. */
import type { FieldChange } from "./plan.ts";

/** One job that differs. */
export interface TargetDifference {
  resource: string;
  /** `both`: other fields; else the only target that declares it. */
  where: "both" | "first" | "second";
  name: string;
  /** `before`: the first target's value, `after`: the second's. */
  fields: Pick<FieldChange, "path" | "before" | "after">[];
}

/** The differences, by resource; jobs that are the same are counted. */
export interface TargetComparison {
  first: string;
  second: string;
  same: number;
  jobs: TargetDifference[];
}
