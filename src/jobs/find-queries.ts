/** Looks for the saved queries of declared jobs in the workspace: one list, and single looks at what it does not show. */
import type { Deployment } from "../model/identity.ts";
import type { DeclaredJob } from "../model/job.ts";
import type { DeployState } from "../model/state.ts";
import type { JobsWorkspace, SavedQuery } from "../workspace/workspace.ts";
import { stateOf } from "./ownership.ts";
import { type FoundQueries, matchQueries } from "./queries.ts";

/** Nothing is asked where no job has a saved query. */
export async function findQueries(
  workspace: Pick<JobsWorkspace, "listQueries" | "getQuery">,
  jobs: readonly DeclaredJob[],
  about: { where: Deployment; state: DeployState | undefined; me: string; signal: AbortSignal | undefined },
): Promise<FoundQueries> {
  const holders = jobs.filter((job) => (job.queries ?? []).length > 0);
  if (holders.length === 0) return new Map();
  const { where, state, me, signal } = about;
  const listed: SavedQuery[] = [];
  for await (const query of workspace.listQueries({ signal })) listed.push(query);
  const seen = new Set(listed.map(({ id }) => id));
  const known = holders.flatMap((job) => Object.values(stateOf(state, job)?.row.queries ?? {}));
  for (const { id } of known) {
    if (seen.has(id)) continue;
    const query = await workspace.getQuery(id, { signal });
    if (query) listed.push(query);
  }
  return matchQueries(holders, { where, state, me, listed });
}
