/** Fills `${var.…}` and its kin in a declared job's tree, value by value: a value with quotes cannot break the document. */
import type { Problem } from "../../model/problem.ts";
import { type ReferenceScope, substitute } from "../../model/reference.ts";
import { mapPlaced, type Placed, placedAt } from "../../util/placed-yaml.ts";
import { problemAt } from "./problems.ts";

const childOf = (parent: string, path: string) =>
  path === "" ? parent : path.startsWith("[") ? parent + path : `${parent}.${path}`;

/** The tree of a job with its references filled, in keys and values; those to secrets and to other jobs stay as written. */
export function fillReferences(resource: string, node: Placed, scope: ReferenceScope, problems: Problem[]): Placed {
  return fillTree(`jobs.${resource}`, node, scope, problems, resource);
}

/** The same for any tree, whose path in the file is `where`; `resource` is the job that a fault is one of. */
export function fillTree(
  where: string,
  node: Placed,
  scope: ReferenceScope,
  problems: Problem[],
  resource?: string,
): Placed {
  return mapPlaced(
    node,
    "",
    (scalar, path) => {
      if (typeof scalar.value !== "string" || !scalar.value.includes("${")) return scalar;
      const { value, faults, secrets } = substitute(scalar.value, scope);
      const full = childOf(where, path());
      for (const fault of faults) problems.push(problemAt(scalar, full, { ...fault, resource }));
      if (secrets.length > 0) {
        const message = `${secrets.join(", ")} would put a secret into the job's settings, where everybody who sees the job reads it`;
        const hint = "keep it in a secret scope and write {{secrets/scope/key}}";
        problems.push(problemAt(scalar, full, { severity: "warning", code: "secret_in_settings", message, hint }));
      }
      return value === scalar.value ? scalar : placedAt(value, scalar);
    },
    (key, spot, path) => {
      if (!key.includes("${")) return key;
      const { value, faults } = substitute(key, scope);
      for (const fault of faults) problems.push(problemAt(spot, childOf(where, path()), { ...fault, resource }));
      return String(value);
    },
  );
}
