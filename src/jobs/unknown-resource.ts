/** A resource that was asked for and is none: the nearest one, or why it cannot be used. Pure. */
import { HeadgateError } from "../errors.ts";
import type { DeclaredJob } from "../model/job.ts";
import { formatProblem, type Problem } from "../model/problem.ts";
import type { DeployState } from "../model/state.ts";
import { nearest } from "../util/nearest.ts";

/** The error: `declaration_invalid` where its declaration is at fault, else `not_found`. */
export function unknownResource(
  resource: string,
  known: Iterable<string>,
  problems: readonly Problem[],
): HeadgateError {
  const own = problems.find((problem) => problem.resource === resource);
  if (own) return new HeadgateError("declaration_invalid", formatProblem(own), { permanent: true });
  const near = nearest(resource, known);
  return new HeadgateError("not_found", `there is no job '${resource}' in this project`, {
    hint: near ? `did you mean ${near}?` : "headgate jobs list shows them",
    permanent: true,
  });
}

/** Refuses a selection that names what is neither declared nor deployed. @throws HeadgateError `not_found` */
export function refuseUnknown(
  select: readonly string[] | undefined,
  jobs: readonly DeclaredJob[],
  state: DeployState | undefined,
): void {
  const known = new Set([
    ...jobs.flatMap((job) => [job.resource, ...job.previous]),
    ...Object.keys(state?.jobs ?? {}),
    ...Object.keys(state?.pending ?? {}),
  ]);
  for (const resource of select ?? []) if (!known.has(resource)) throw unknownResource(resource, known, []);
}
