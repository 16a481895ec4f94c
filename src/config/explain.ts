/** Where each value of the config came from: for `headgate doctor`. */
import type { Json } from "../util/json.ts";
import { childPath, type Placed, placeOfSpot } from "../util/placed-yaml.ts";
import { redact } from "../util/redact.ts";
import type { Config } from "./load.ts";

/** One value of the config. */
export interface ConfigValue {
  /** `workspaces.prod.host`, `variables.env`. */
  path: string;
  /** As written, references unresolved; secrets in clear masked. */
  value: Json;
  /** `headgate.yaml:12:5`, `--var env`, `HEADGATE_VAR_env`, `default`. */
  from: string;
}

function leaves(node: Placed, path: string, into: Map<string, ConfigValue>): void {
  if (node.kind === "scalar") {
    const { file, line, column } = placeOfSpot(node);
    const value = typeof node.value === "string" ? redact(node.value) : node.value;
    into.set(path, { path, value, from: `${file}:${line}:${column}` });
  } else if (node.kind === "list") {
    node.items.forEach((item, index) => {
      leaves(item, childPath(path, index), into);
    });
  } else for (const [key, member] of node.members) leaves(member.value, childPath(path, key), into);
}

/** What the schema filled in: values of the config that no file gives. */
function defaults(value: Json, path: string, into: Map<string, ConfigValue>): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      defaults(item, childPath(path, index), into);
    });
  } else if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      if (member !== undefined) defaults(member, childPath(path, key), into);
    }
  } else if (!into.has(path)) into.set(path, { path, value, from: "default" });
}

/** Every value of a config with its origin, in the order of their paths; variables last. */
export function explainConfig(config: Config): ConfigValue[] {
  const found = new Map<string, ConfigValue>();
  const members = new Map(config.tree.members);
  members.delete("variables");
  leaves({ ...config.tree, members }, "", found);
  const { store, jobs, runs, lineage, server } = config;
  defaults({ store, jobs, runs, lineage, server } as unknown as Json, "", found);
  const rows = [...found.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  for (const [name, variable] of [...config.variables].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const value = typeof variable.value === "string" ? redact(variable.value) : variable.value;
    rows.push({ path: childPath("variables", name), value, from: variable.from ?? variable.origin });
  }
  return rows;
}
