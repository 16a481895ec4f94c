/** Of which runs rows of a view are, and why those are not whole. */
import type { RunKey } from "./step.ts";
import type { CausesOfRun, RunCause } from "./view-runs.ts";

/** Runs that are explained, at most: the first of the rows. */
const MOST = 20;

type Row = Record<string, unknown>;

/** A row of a run that is not whole: it blocks, failed or waits. */
const isOpen = (row: Row): boolean =>
  row.BlockReason !== undefined || row.Status === "FAIL" || row.Status === "NQUE" || row.Status === "RQUE";

/**
 * Asks why the runs of some rows are not whole, one after the other.
 * @param rows with the original's column names
 * @returns in the order of the rows; runs without a cause are left out
 */
export async function explainRuns(
  rows: readonly Row[],
  causes: (run: RunKey) => Promise<readonly RunCause[]>,
): Promise<CausesOfRun[]> {
  const runs = new Map<string, RunKey>();
  for (const { ProjectCode, ProcessLoad, ProcessingDate, ExecutionID } of rows.filter(isOpen)) {
    const run = {
      projectCode: String(ProjectCode),
      processLoad: String(ProcessLoad),
      processingDate: String(ProcessingDate),
      executionId: String(ExecutionID),
    };
    if (runs.size < MOST) runs.set(JSON.stringify(run), run);
  }
  const found: CausesOfRun[] = [];
  for (const run of runs.values()) {
    const told = await causes(run);
    const plain = told.map(({ kind, workflowId, taskId, sentence }) => ({ kind, workflowId, taskId, sentence }));
    if (plain.length > 0) found.push({ ...run, causes: plain });
  }
  return found;
}
