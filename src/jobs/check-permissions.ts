/** Checks the permissions that a job declares: somebody, one known level, one owner. Pure. */
import type { JsonObject } from "../util/json.ts";
import { nearest } from "../util/nearest.ts";
import { isDeferred, type Report } from "./check-fields.ts";

/** Levels of jobs (Databricks Permissions API reference). */
const LEVELS = ["CAN_VIEW", "CAN_MANAGE_RUN", "CAN_MANAGE", "IS_OWNER"];
const WHO = ["user_name", "group_name", "service_principal_name"];

/** Everything that the permissions call would refuse, after the job was made already. `rows` as that call takes them. */
export function checkPermissions(rows: readonly JsonObject[] | undefined, report: Report): void {
  const owners: string[] = [];
  for (const row of rows ?? []) {
    const who = WHO.filter((key) => row[key] !== undefined && row[key] !== null && row[key] !== "");
    const [kind] = who;
    if (kind === undefined) {
      report("permissions", "missing_field", `a permission names nobody: one of ${WHO.join(", ")} is needed`);
    } else if (who.length > 1) {
      report("permissions", "exclusive", `${who.join(" and ")} exclude each other`, "write one row each");
    }
    const name = kind === undefined ? "a permission" : `the permission of ${String(row[kind])}`;
    const level = row.permission_level;
    if (level === undefined || level === null) report("permissions", "missing_field", `${name} has no level`);
    else if (!LEVELS.includes(String(level)) && !isDeferred(level)) {
      const near = nearest(String(level), LEVELS);
      const message = `${name} is '${String(level)}', which is none of ${LEVELS.join(", ")}`;
      report("permissions", "bad_value", message, near && `did you mean ${near}?`);
    }
    if (level !== "IS_OWNER" || kind === undefined) continue;
    owners.push(String(row[kind]));
    if (kind === "group_name") report("permissions", "bad_value", `a group cannot own a job: ${String(row[kind])}`);
  }
  if (owners.length > 1) report("permissions", "exclusive", `a job has one owner, found ${owners.join(" and ")}`);
}
