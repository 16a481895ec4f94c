/** Permissions as declarations write them → as the permissions call has them. */
import { isObject, type JsonObject } from "../../util/json.ts";
import { jsonOf, type Placed } from "../../util/placed-yaml.ts";

/** Permission levels of bundles that jobs call otherwise. */
const LEVELS: Record<string, string> = { CAN_RUN: "CAN_MANAGE_RUN" };
/** From the least to the most (Databricks access control: jobs). */
const RANKS = ["CAN_VIEW", "CAN_MANAGE_RUN", "CAN_MANAGE", "IS_OWNER"];

/** A row with its principal, by which rows are told apart; what is no map names nobody, and the check says so. */
function rowOf(item: Placed): { principal: string | undefined; row: JsonObject } {
  const value = jsonOf(item);
  const { level, ...who } = isObject(value) ? value : {};
  const given = level ?? who.permission_level;
  const [kind, name] = Object.entries(who).find(([key, name]) => key.endsWith("_name") && name !== undefined) ?? [];
  return {
    principal: kind && `${kind}:${String(name)}`,
    row: { ...who, permission_level: LEVELS[String(given)] ?? given },
  };
}

/**
 * `permissions` of bundles (`level`) and `access_control_list` (`permission_level`) as the permissions call has them: of
 * two rows of a principal the one with more rights, and those of `common` only for principals that a job does not name
 * (databricks/cli `fix_permissions`, `apply_bundle_permissions`).
 */
export function permissionsOf(
  own: readonly (Placed | undefined)[],
  common: readonly Placed[] = [],
): JsonObject[] | undefined {
  const nodes = own.filter((node) => node !== undefined);
  if (nodes.length === 0 && common.length === 0) return undefined;
  const rows = new Map<string, JsonObject>();
  const add = (items: readonly Placed[], isFree: (principal: string) => boolean) => {
    for (const { principal, row } of items.map(rowOf)) {
      if (principal === undefined) rows.set(`row ${rows.size}`, row);
      else if (isFree(principal)) rows.set(principal, higher(rows.get(principal), row));
    }
  };
  add(
    nodes.flatMap((node) => (node.kind === "list" ? node.items : [])),
    () => true,
  );
  const named = new Set(rows.keys());
  add(common, (principal) => !named.has(principal));
  return [...rows.values()];
}

const rankOf = ({ permission_level: level }: JsonObject) => RANKS.indexOf(String(level));

function higher(old: JsonObject | undefined, row: JsonObject): JsonObject {
  // A level that nobody knows is for the check to name.
  return old === undefined || rankOf(row) < 0 || rankOf(row) > rankOf(old) ? row : old;
}
