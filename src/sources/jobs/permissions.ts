/** Permissions as declarations write them → as the permissions call has them. */
import { isObject, type JsonObject } from "../../util/json.ts";
import { jsonOf, type Placed } from "../../util/placed-yaml.ts";

/** Permission levels of bundles that jobs call otherwise. */
const LEVELS: Record<string, string> = { CAN_RUN: "CAN_MANAGE_RUN" };

/** `permissions` of bundles (`level`) and `access_control_list` (`permission_level`) as the permissions call has them. */
export function permissionsOf(lists: (Placed | undefined)[]): JsonObject[] | undefined {
  const nodes = lists.filter((node) => node !== undefined);
  if (nodes.length === 0) return undefined;
  const rows = new Map<string, JsonObject>();
  for (const item of nodes.flatMap((node) => (node.kind === "list" ? node.items : []))) {
    const value = jsonOf(item);
    // What is no map names nobody: the check says so.
    const { level, ...who } = isObject(value) ? value : {};
    const given = level ?? who.permission_level;
    const row: JsonObject = { ...who, permission_level: LEVELS[String(given)] ?? given };
    const name = who.user_name ?? who.group_name ?? who.service_principal_name;
    rows.set(name === undefined ? `row ${rows.size}` : String(name), row);
  }
  return [...rows.values()];
}
