/** Who may do what with a job: its access list, and the refusals in the service's words. */
import { denied } from "../api-error.ts";
import type { Principal } from "../auth/principals.ts";

export const LEVELS = ["CAN_VIEW", "CAN_MANAGE_RUN", "CAN_MANAGE", "IS_OWNER"] as const;
export type Level = (typeof LEVELS)[number];

/** Direct permissions: `user_name:NAME`, `group_name:NAME` or `service_principal_name:ID` → level. */
export type AccessList = Map<string, Level>;

/** The key of a principal in an access list. */
export function accessKey(principal: Principal): string {
  return `${principal.kind === "user" ? "user_name" : "service_principal_name"}:${principal.userName}`;
}

/** The highest level a principal has, undefined when none: direct, by a group, or as an admin (who manages every job). */
export function levelOf(principal: Principal, access: AccessList): Level | undefined {
  const direct = access.get(accessKey(principal));
  if (direct === "IS_OWNER") return direct;
  if (principal.admin) return "CAN_MANAGE";
  const levels = [direct, ...principal.groups.map((group) => access.get(`group_name:${group}`))];
  return levels.reduce((best, level) => (rank(level) > rank(best) ? level : best), undefined);
}

function rank(level: Level | undefined): number {
  return level === undefined ? -1 : LEVELS.indexOf(level);
}

/** Whether a principal has at least this level. */
export function may(principal: Principal, access: AccessList, level: Level): boolean {
  if (principal.admin && level !== "IS_OWNER") return true;
  return rank(levelOf(principal, access)) >= rank(level);
}

const WORDS = {
  CAN_VIEW: "View or Admin or Manage Run or Owner",
  CAN_MANAGE_RUN: "Admin or Manage Run or Owner",
  CAN_MANAGE: "Admin or Owner",
  IS_OWNER: "Owner",
};

/**
 * The check that precedes the check for existence: without rights a job that is gone, or never was, is refused like any other.
 * @throws ApiError 403
 */
export function demand(principal: Principal, id: string, access: AccessList | undefined, level: Level): void {
  if (access ? may(principal, access, level) : principal.admin) return;
  throw denied(`User ${principal.userName} does not have ${WORDS[level]} permissions on job ${id}`);
}
