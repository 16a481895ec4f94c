/** How the declarations of one target differ from those of another, field by field. Pure. */
import type { DeclaredJob } from "../model/job.ts";
import type { TargetComparison, TargetDifference } from "../model/target-comparison.ts";
import { changesBetween } from "./history.ts";

/** Compares what two targets declare, references to secrets and other jobs as written. */
export function compareTargets(
  first: { target: string; jobs: readonly DeclaredJob[] },
  second: { target: string; jobs: readonly DeclaredJob[] },
): TargetComparison {
  const others = new Map(second.jobs.map((job) => [job.resource, job]));
  const jobs: TargetDifference[] = [];
  let same = 0;
  const nameOf = (job: DeclaredJob) => job.settings.name ?? job.resource;
  for (const job of first.jobs) {
    const other = others.get(job.resource);
    others.delete(job.resource);
    if (other === undefined) {
      jobs.push({ resource: job.resource, where: "first", name: nameOf(job), fields: [] });
      continue;
    }
    const fields = changesBetween(job.settings, other.settings).map(({ path, before, after }) => ({
      path,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    }));
    if (fields.length === 0) same += 1;
    else jobs.push({ resource: job.resource, where: "both", name: nameOf(other), fields });
  }
  for (const job of others.values()) {
    jobs.push({ resource: job.resource, where: "second", name: nameOf(job), fields: [] });
  }
  jobs.sort((a, b) => (a.resource < b.resource ? -1 : 1));
  return { first: first.target, second: second.target, same, jobs };
}
