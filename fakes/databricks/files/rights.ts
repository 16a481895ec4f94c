/** Who may read and write where: `/Users/<name>` is that user's, `/Shared` everybody's, the rest of admins to change. */
import { denied } from "../api-error.ts";
import type { Principal } from "../auth/principals.ts";

/** Whether a principal may read this path. */
export function mayRead(principal: Principal, path: string): boolean {
  if (principal.admin) return true;
  const [, top, owner] = path.split("/");
  return top !== "Users" || owner === undefined || owner === principal.userName;
}

/** @throws ApiError 403 */
export function demandRead(principal: Principal, path: string): void {
  if (!mayRead(principal, path)) throw refusal(principal, "View", path);
}

/** Whether the path itself may be changed (made, replaced, deleted). @throws ApiError 403 */
export function demandWrite(principal: Principal, path: string): void {
  if (principal.admin) return;
  const [, top, owner, ...rest] = path.split("/");
  const inShared = top === "Shared" && owner !== undefined;
  const inHome = top === "Users" && owner === principal.userName && rest.length > 0;
  if (!inShared && !inHome) throw refusal(principal, "Manage", path);
}

function refusal(principal: Principal, what: string, path: string): Error {
  return denied(
    `${principal.userName} does not have ${what} permissions on ${path}. Please contact the owner or an administrator for access.`,
  );
}
