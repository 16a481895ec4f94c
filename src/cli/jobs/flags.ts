/** Flags that several commands of the jobs room take. */
import { text } from "../values.ts";

export const select = {
  kind: "parsed",
  parse: text,
  optional: true,
  variadic: ",",
  placeholder: "ID",
  brief: "only these resources, separated by commas",
} as const;
export const writeBack = {
  kind: "parsed",
  parse: text,
  optional: true,
  placeholder: "FILE",
  brief: "what moved, as a patch of the declared YAML; - for stdout",
} as const;
/** Off unless it is given. */
export const onOff = { kind: "boolean", default: false, withNegated: false } as const;
