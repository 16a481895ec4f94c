/** What is wrong with a YAML file itself, as problems: its syntax, and keys that are given twice. */

import { childPath, duplicatesIn, type Placed, placeOfSpot } from "../util/placed-yaml.ts";
import type { YamlFault } from "../util/yaml-lenient.ts";
import type { Problem } from "./problem.ts";

/** The faults of a parsed text. */
export function syntaxProblems(faults: readonly YamlFault[]): Problem[] {
  return faults.map(({ severity, message, hint, spot }) => {
    return { severity, code: "yaml_syntax", place: placeOfSpot(spot), path: "", message, hint };
  });
}

/**
 * The keys that are given twice, at the second place.
 * @param path of `root` inside its document
 */
export function duplicateKeyProblems(root: Placed, path = ""): Problem[] {
  return duplicatesIn(root, path).map(({ path, key, first, second }) => ({
    severity: "error",
    code: "duplicate_key",
    place: placeOfSpot(second),
    path: childPath(path, key),
    message: `key '${key}' is given twice, first on line ${placeOfSpot(first).line}`,
  }));
}
