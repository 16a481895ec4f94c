/** Access lists in requests and answers: of the permissions calls, and of `access_control_list` at creation. */
import { invalid } from "../api-error.ts";
import { isObject, type Json, type JsonObject, objectsIn } from "../json.ts";
import { type AccessList, LEVELS, type Level } from "./rights.ts";

const KINDS = ["user_name", "group_name", "service_principal_name"];

/** Reads `[{user_name | group_name | service_principal_name, permission_level}]`. @throws ApiError 400 */
export function readAccessList(value: Json | undefined): AccessList {
  const list: AccessList = new Map();
  for (const entry of objectsIn(value)) {
    const kinds = KINDS.filter((kind) => entry[kind] !== undefined);
    const kind = kinds[0];
    if (kind === undefined || kinds.length > 1) {
      throw invalid("Exactly one of user_name, group_name and service_principal_name must be given.");
    }
    const level = LEVELS.find((name) => name === entry.permission_level);
    if (level === undefined) {
      throw invalid(`Permission level '${entry.permission_level}' is not one of ${LEVELS.join(", ")}.`);
    }
    if (kind === "group_name" && level === "IS_OWNER") throw invalid("A group cannot be the owner of a job.");
    list.set(`${kind}:${entry[kind]}`, level);
  }
  return list;
}

/** @throws ApiError 400 unless exactly one principal owns the job */
export function checkOwner(access: AccessList): void {
  const owners = [...access.values()].filter((level) => level === "IS_OWNER").length;
  if (owners !== 1) throw invalid("The job must have exactly one owner.");
}

/** The answer of the permissions calls: direct permissions, and what admins have by inheritance. */
export function accessAnswer(
  id: string,
  access: AccessList,
  nameOf: (userName: string) => string | undefined,
): JsonObject {
  const entry = (key: string, permissions: JsonObject[]): JsonObject => {
    const at = key.indexOf(":");
    const name = key.slice(at + 1);
    const display = key.startsWith("group_name:") ? undefined : nameOf(name);
    return { [key.slice(0, at)]: name, display_name: display, all_permissions: permissions };
  };
  const direct = (level: Level) => ({ permission_level: level, inherited: false });
  const admins = { permission_level: "CAN_MANAGE", inherited: true, inherited_from_object: ["/jobs/"] };
  const list = [...access]
    .filter(([key]) => key !== "group_name:admins")
    .map(([key, level]) => entry(key, [direct(level)]));
  const adminLevel = access.get("group_name:admins");
  list.push(entry("group_name:admins", adminLevel ? [direct(adminLevel), admins] : [admins]));
  return { object_id: `/jobs/${id}`, object_type: "job", access_control_list: list };
}

/** The list of entries out of a request body. @throws ApiError 400 */
export function entriesIn(body: JsonObject): Json {
  const list = body.access_control_list;
  if (!Array.isArray(list) || !list.every(isObject)) throw invalid("access_control_list must be a list of objects.");
  return list;
}
