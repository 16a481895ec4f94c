/** Reads the permissions of jobs that declare some, where a plan is asked to compare them: one request a job. */
import { HeadgateError } from "../errors.ts";
import type { Problem } from "../model/problem.ts";
import type { JobsWorkspace } from "../workspace/workspace.ts";
import { type AccessList, directAccess } from "./access-list.ts";
import type { DesiredJob } from "./desired.ts";
import type { PlanOptions } from "./room.ts";

/**
 * Direct permissions by job id; undefined where nobody asked. A job whose permissions may not be read is named in
 * `problems`, and compared with what was last set.
 * @param ids jobs of resources that are there
 */
export async function readAccess(
  workspace: Pick<JobsWorkspace, "getPermissions">,
  desired: readonly DesiredJob[],
  ids: ReadonlyMap<string, string>,
  {
    checkPermissions,
    select,
    signal,
    onNote,
    problems,
  }: Pick<PlanOptions, "checkPermissions" | "select" | "signal" | "onNote"> & { problems: Problem[] },
): Promise<Map<string, AccessList> | undefined> {
  if (checkPermissions !== true) return undefined;
  const asked = desired.flatMap(({ declared, resource }) => {
    const jobId = ids.get(resource);
    const wanted = select === undefined || select.includes(resource);
    return declared.permissions && jobId !== undefined && wanted ? [{ resource, jobId, place: declared.place }] : [];
  });
  onNote?.(`reading the permissions of ${asked.length} ${asked.length === 1 ? "job" : "jobs"}, one request each`);
  const found = new Map<string, AccessList>();
  await Promise.all(
    asked.map(async ({ resource, jobId, place }) => {
      try {
        found.set(jobId, directAccess(await workspace.getPermissions(jobId, { signal })));
      } catch (error) {
        if (!(error instanceof HeadgateError) || error.code !== "forbidden") throw error;
        problems.push({
          severity: "warning",
          code: error.code,
          place,
          path: `jobs.${resource}.permissions`,
          message: `its permissions could not be compared: ${error.message}`,
          hint: error.hint,
          resource,
        });
      }
    }),
  );
  return found;
}
