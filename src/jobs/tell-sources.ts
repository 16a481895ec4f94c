/** Tells sources that keep a list of jobs which jobs there are after an apply. */
import { HeadgateError } from "../errors.ts";
import type { Plan } from "../model/plan.ts";
import type { AppliedJob, JobSource } from "../sources/job-source.ts";
import type { ApplyReport } from "./room.ts";

/** Jobs of the plan as the apply left them; those that it did not get to are not among them. */
function appliedJobs(plan: Plan, report: ApplyReport): AppliedJob[] {
  const items = new Map(report.items.map((item) => [item.resource, item]));
  return plan.changes.flatMap(({ resource, action, jobId, name }): AppliedJob[] => {
    if (action === "noop") return jobId === null ? [] : [{ resource, jobId, name, deleted: false }];
    const item = items.get(resource);
    const id = item?.jobId ?? jobId;
    return item?.state === "done" && id !== null ? [{ resource, jobId: id, name, deleted: action === "delete" }] : [];
  });
}

/** The report, with what became of the telling. A source that could not be told is told again by the next apply. */
export async function tellSources(
  plan: Plan,
  report: ApplyReport,
  sources: readonly JobSource[],
): Promise<ApplyReport> {
  const jobs = appliedJobs(plan, report);
  let told = report;
  for (const source of sources) {
    try {
      await source.applied?.(jobs);
    } catch (error) {
      if (!(error instanceof HeadgateError)) throw error;
      const message = `source ${source.name} could not be told: ${error.message}`;
      const exitCode = report.exitCode === 0 ? 75 : report.exitCode;
      told = { ...told, exitCode, error: told.error === undefined ? message : `${told.error}; ${message}` };
    }
  }
  return told;
}
