/**
 * What the catalog itself has noted: rows of `system.access.table_lineage`, for what ran on compute that Unity Catalog
 * governs (SQL warehouses and serverless). Source: Databricks, "Lineage system tables reference".
 */
import type { HappenedRun, Program, World } from "./world.ts";

/** A row; what is left out is NULL. */
export interface CatalogRow {
  workspace_id: string;
  entity_type: "JOB";
  entity_id: string;
  entity_run_id: string;
  entity_metadata: { job_info: { job_id: string; job_run_id: string } };
  created_by: string;
  source_type?: "TABLE";
  source_table_full_name?: string;
  target_type?: "TABLE";
  target_table_full_name?: string;
  /** UTC text. */
  event_time: string;
}

/** A statement: what it reads, and what it writes. Maintenance is not noted. */
interface Statement {
  reads: string[];
  writes: string | undefined;
}

/** The statements of a program: what is read goes into what is written next. */
function statementsOf(program: Program, isTable: (name: string) => boolean): Statement[] {
  const statements: Statement[] = [];
  let reads: string[] = [];
  const write = (to: string) => {
    statements.push({ reads, writes: to });
    reads = [];
  };
  for (const step of program.steps) {
    if (step.does === "read" && isTable(step.from)) reads.push(step.from);
    if (["append", "overwrite", "create", "merge"].includes(step.does) && "to" in step) write(step.to);
  }
  if (reads.length > 0) statements.push({ reads, writes: undefined });
  return statements;
}

/** The rows of all runs that came to their end, in the order of the runs. @param workspaceId id of their workspace */
export function catalogLineage(world: World, runs: readonly HappenedRun[], workspaceId: string): CatalogRow[] {
  const tables = new Set(world.tables.map(({ name }) => name));
  const programs = new Map(world.programs.map((program) => [program.task, program]));
  const rows: CatalogRow[] = [];
  for (const run of runs) {
    const program = programs.get(run.program);
    if (program === undefined || run.compute === "cluster" || run.failed) continue;
    const of: Omit<CatalogRow, "event_time"> = {
      workspace_id: workspaceId,
      entity_type: "JOB",
      entity_id: run.jobId,
      entity_run_id: run.runId,
      entity_metadata: { job_info: { job_id: run.jobId, job_run_id: run.runId } },
      created_by: "jobs@example.com",
    };
    for (const { reads, writes } of statementsOf(program, (name) => tables.has(name))) {
      const target = writes === undefined ? {} : { target_type: "TABLE" as const, target_table_full_name: writes };
      const sources = reads.map((name) => ({ source_type: "TABLE" as const, source_table_full_name: name }));
      for (const source of sources.length > 0 ? sources : [{}]) {
        rows.push({ ...of, ...source, ...target, event_time: new Date(run.end).toISOString() });
      }
    }
  }
  return rows;
}
