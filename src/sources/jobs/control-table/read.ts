/** Reads a control table as declared jobs, and keeps its tracking table: the I/O of this source. */
import { HeadgateError } from "../../../errors.ts";
import type { Problem } from "../../../model/problem.ts";
import type { AppliedJob, DeclaredJobs, JobSourceContext, RowChange, SourceRows } from "../../job-source.ts";
import type { ControlTableSourceConfig } from "./config.ts";
import { tableDeclarations } from "./map.ts";
import { formOf, rowKeys, rowLabels, type TableJob, tableJobs } from "./rows.ts";
import { editableColumns, quotedTable, trackingName } from "./statements.ts";
import { type ControlTable, openControlTable, type TrackedJob, type Tracking } from "./table.ts";

/**
 * The tables of a source.
 * @throws HeadgateError `config_invalid` for a name that is none, and without a warehouse
 */
export function tablesOf(
  config: Pick<ControlTableSourceConfig, "table" | "jobsTable" | "warehouse">,
  context: Pick<JobSourceContext, "warehouse" | "statements">,
): ControlTable {
  const { table, jobsTable = trackingName(config.table) } = config;
  quotedTable(table);
  quotedTable(jobsTable);
  const warehouse = config.warehouse ?? context.warehouse;
  const { statements } = context;
  if (warehouse === undefined || statements === undefined) {
    throw new HeadgateError("config_invalid", `there is no SQL warehouse to read ${table} with`, {
      hint: "name one: workspaces.<name>.warehouse, or warehouse of the source",
      permanent: true,
    });
  }
  return openControlTable({ table, jobsTable, warehouse, statements });
}

/** What was read last: which jobs are the table's, and what the tracking table says of them. */
interface Reading {
  jobs: readonly TableJob[];
  tracking: Tracking | undefined;
}

/** A source that remembers what it read. */
export function controlTableReader(name: string, config: ControlTableSourceConfig, context: JobSourceContext) {
  let last: Reading | undefined;

  async function readTables(problems: Problem[], signal?: AbortSignal): Promise<Reading> {
    const tables = tablesOf(config, context);
    const [text, tracking] = await Promise.all([tables.read(signal), tables.readTracking(signal)]);
    last = { jobs: tableJobs(text, problems), tracking };
    return last;
  }

  async function declare({ jobs, tracking }: Reading, problems: Problem[]): Promise<DeclaredJobs> {
    const { project, target, variables, defaults } = context;
    const { profile, prefix, queriesPath, warehouse = context.warehouse } = config;
    const declared = tableDeclarations(
      jobs,
      {
        ...{ source: name, project, target, profile, prefix, queriesPath, warehouse, variables, defaults },
        workspace: await context.workspace(),
        tracked: new Map(tracking?.jobs.map(({ key, jobId }) => [key, jobId])),
      },
      problems,
    );
    return { jobs: declared, problems, inputs: [config.table] };
  }

  return {
    async read(signal?: AbortSignal): Promise<DeclaredJobs> {
      const problems: Problem[] = [];
      return declare(await readTables(problems, signal), problems);
    },
    async readRows({ table, columns, rows }: SourceRows): Promise<DeclaredJobs> {
      const problems: Problem[] = [];
      const jobs = tableJobs({ name: table, columns, rows: rows.map(({ cells }) => cells) }, problems);
      return declare({ jobs, tracking: last?.tracking }, problems);
    },
    async writeRows({ columns, types }: SourceRows, changes: readonly RowChange[]): Promise<void> {
      await tablesOf(config, context).change({ columns, types }, changes);
      last = undefined;
    },
    async rows(signal?: AbortSignal): Promise<SourceRows> {
      const text = await tablesOf(config, context).read(signal);
      const labels = rowLabels(text);
      const rows = text.rows.map((cells, index) => ({ label: labels[index] ?? "", cells }));
      const { columns, types = [] } = text;
      const keys = rowKeys(columns);
      const editable = formOf(columns) === undefined ? [] : editableColumns(columns, types);
      return { table: text.name, columns, types, keys, editable, rows };
    },
    /** Writes what differs, so that a repeat writes nothing. */
    async applied(results: readonly AppliedJob[]): Promise<void> {
      const { jobs, tracking } = last ?? (await readTables([]));
      const known = new Map(tracking?.jobs.map((job) => [job.key, job]));
      const keys = new Map(jobs.map(({ resource, key }) => [resource, key]));
      const moved = results.flatMap(({ resource, jobId, name: jobName, deleted }): TrackedJob[] => {
        const key = keys.get(resource);
        const row = key === undefined ? undefined : known.get(key);
        const same = row?.jobId === jobId && row.name === jobName;
        return key === undefined || deleted || same ? [] : [{ key, jobId, name: jobName }];
      });
      const tracked = new Set(tracking?.jobs.map(({ jobId }) => jobId));
      const gone = results.flatMap(({ jobId, deleted }) => (deleted && tracked.has(jobId) ? jobId : []));
      if (moved.length === 0 && gone.length === 0) return;
      await tablesOf(config, context).track(tracking, moved, gone);
      last = undefined;
    },
  };
}
