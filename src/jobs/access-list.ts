/**
 * Permissions of a job: what is declared against what was last set, and against what the job has. Pure.
 *
 * A plan reads permissions only when it is asked to (that is a request a job): else it compares the declaration with
 * what the state file remembers. A job that is changed has its permissions read, and set only where they differ.
 */
import type { FieldChange } from "../model/plan.ts";
import { isObject, type Json, type JsonObject } from "../util/json.ts";
import { memberPath } from "./pattern.ts";
import { isQueryField } from "./queries.ts";

const KINDS = ["user_name", "group_name", "service_principal_name"] as const;
const OWNER = "IS_OWNER";

/** Level by principal: `user_name:anna@example.com` → `CAN_MANAGE`. */
export type AccessList = Map<string, string>;

function principalOf(row: JsonObject): string | undefined {
  const kind = KINDS.find((name) => row[name] !== undefined && row[name] !== null);
  return kind === undefined ? undefined : `${kind}:${String(row[kind])}`;
}

/** A declared list: rows of a principal and its `permission_level`. */
export function declaredAccess(rows: readonly Json[]): AccessList {
  const list: AccessList = new Map();
  for (const row of rows) {
    const principal = isObject(row) ? principalOf(row) : undefined;
    if (principal !== undefined) list.set(principal, String((row as JsonObject).permission_level));
  }
  return list;
}

/** The direct permissions of the permissions call's answer; inherited ones are not the job's own. */
export function directAccess(rows: readonly JsonObject[]): AccessList {
  const list: AccessList = new Map();
  for (const row of rows) {
    const principal = principalOf(row);
    const all = Array.isArray(row.all_permissions) ? row.all_permissions.filter(isObject) : [];
    const direct = all.find((permission) => permission.inherited !== true);
    if (principal !== undefined && direct) list.set(principal, String(direct.permission_level));
  }
  return list;
}

/** Path of a principal's level among the fields of a change. */
function pathOf(principal: string): string {
  const at = principal.indexOf(":");
  return `permissions[${principal.slice(0, at)}=${principal.slice(at + 1)}].permission_level`;
}

/** Declared levels that are not what was last set, and principals that are no longer declared. */
export function accessChanges(wanted: AccessList, remembered: Readonly<Record<string, string>>): FieldChange[] {
  const principals = new Set([...wanted.keys(), ...Object.keys(remembered)]);
  return [...principals].flatMap((principal): FieldChange[] => {
    const before = remembered[principal];
    const after = wanted.get(principal);
    if (before === after) return [];
    return [
      {
        path: pathOf(principal),
        kind: "declared",
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
      },
    ];
  });
}

/** Keys under which the principal of this user name may stand. */
export const keysOf = (userName: string): string[] => [`user_name:${userName}`, `service_principal_name:${userName}`];

/**
 * Levels that are not as declared, three ways: a principal that only the workspace has was granted by somebody. What
 * setting the list would leave (the owner, our own level) is no difference.
 * @param remembered what was last set; undefined where that is not known
 * @param me keys of the principal that would apply
 */
export function accessDifferences(
  wanted: AccessList,
  remembered: Readonly<Record<string, string>> | undefined,
  found: AccessList,
  me: readonly string[],
): FieldChange[] {
  const set = listToSet(wanted, found, me);
  if (set === undefined) return [];
  const after = declaredAccess(set);
  const principals = new Set([...after.keys(), ...found.keys()]);
  return [...principals].flatMap((principal): FieldChange[] => {
    const [want, have] = [after.get(principal), found.get(principal)];
    if (want === have) return [];
    const last = remembered?.[principal];
    const weMoved = remembered === undefined ? want !== undefined : want !== last;
    const theyMoved = remembered !== undefined && have !== last;
    const kind = weMoved ? (theyMoved ? "conflict" : "declared") : "drift";
    const before = kind === "declared" ? have : last;
    return [
      {
        path: pathOf(principal),
        kind,
        ...(before === undefined ? {} : { before }),
        ...(have === undefined || have === before ? {} : { actual: have }),
        ...(want === undefined ? {} : { after: want }),
      },
    ];
  });
}

/**
 * The list to set, or undefined where the job has it already. The owner stays where none is declared (a job must have
 * one), and so does our own direct permission where we are not declared: we would lock ourselves out.
 * @param me key of the principal that applies
 */
export function listToSet(wanted: AccessList, found: AccessList, me: readonly string[]): JsonObject[] | undefined {
  const list = new Map(wanted);
  if (![...wanted.values()].includes(OWNER)) {
    for (const [principal, level] of found) if (level === OWNER) list.set(principal, OWNER);
  }
  for (const principal of me) {
    const own = found.get(principal);
    if (own !== undefined && own !== OWNER && !list.has(principal)) list.set(principal, own);
  }
  const same = list.size === found.size && [...list].every(([principal, level]) => found.get(principal) === level);
  return same ? undefined : [...list].map(([principal, level]) => rowOf(principal, level));
}

function rowOf(principal: string, permission_level: string): JsonObject {
  const at = principal.indexOf(":");
  return { [principal.slice(0, at)]: principal.slice(at + 1), permission_level };
}

/** Path of the protection among the fields of a change. */
export const PROTECTION = memberPath("lifecycle", "prevent_destroy");

/** What is declared, with the levels that stay as they were found. */
export function withKept(wanted: AccessList, found: AccessList, fields: readonly FieldChange[]): AccessList {
  const kept = new Set(fields.flatMap((field) => (field.kept === true ? [field.path] : [])));
  const list = new Map([...wanted].filter(([principal]) => !kept.has(pathOf(principal))));
  for (const [principal, level] of found) if (kept.has(pathOf(principal))) list.set(principal, level);
  return list;
}

/** True for the level of a principal among the fields of a change. */
export const isPermission = (path: string): boolean => path.startsWith("permissions[");

/** True for a field of a change that is none of the job's settings: it is not sent with them. */
export function isBesideSettings(path: string): boolean {
  return path === PROTECTION || isPermission(path) || isQueryField(path);
}
