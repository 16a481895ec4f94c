/** Makes a job's direct permissions those that are declared: one read, and a write only where they differ. */
import { HeadgateError } from "../errors.ts";
import type { Change } from "../model/plan.ts";
import { declaredAccess, directAccess, keysOf, listToSet, withKept } from "./access-list.ts";
import type { ApplySession } from "./apply-session.ts";

/** Declared levels by principal, to be remembered; undefined where none are declared. */
export function declaredLevels(change: Change): Record<string, string> | undefined {
  return change.permissions && Object.fromEntries(declaredAccess(change.permissions));
}

/**
 * Reads the permissions of a job that declares some, and sets them where they differ. The owner stays unless another is
 * declared.
 * @returns false where none are declared
 * @throws HeadgateError `forbidden` naming the grant
 */
export async function setPermissions(change: Change, jobId: string, session: ApplySession): Promise<boolean> {
  if (!change.permissions) return false;
  const { workspace } = session.deps;
  const found = directAccess(await workspace.getPermissions(jobId, { signal: session.stop }));
  const wanted = withKept(declaredAccess(change.permissions), found, change.fields);
  const list = listToSet(wanted, found, keysOf(session.me.userName));
  if (list === undefined) return true;
  await session.checkLock();
  try {
    await workspace.setPermissions(jobId, list, { signal: session.stop });
  } catch (error) {
    if (!(error instanceof HeadgateError)) throw error;
    throw new HeadgateError(error.code, `its permissions could not be set: ${error.message}`, {
      hint: error.hint,
      permanent: error.permanent,
      cause: error,
    });
  }
  return true;
}
