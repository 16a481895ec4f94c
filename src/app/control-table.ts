/** The control table of a project: made, loaded from YAML, shown. */
import type { Config } from "../config/load.ts";
import { HeadgateError } from "../errors.ts";
import { readDeclared } from "../jobs/compute.ts";
import { formatProblem, type Problem } from "../model/problem.ts";
import type { JobSourceContext } from "../sources/job-source.ts";
import { rowsOfEntries } from "../sources/jobs/control-table/load.ts";
import { rowsOfModules } from "../sources/jobs/control-table/load-modules.ts";
import { tablesOf } from "../sources/jobs/control-table/read.ts";
import { formOf } from "../sources/jobs/control-table/rows.ts";
import { openYamlSource } from "../sources/jobs/yaml/index.ts";
import { metadataSource, readMetadata } from "../sources/jobs/yaml/metadata.ts";

/** What a load did, or why it did nothing. */
export interface LoadReport {
  table: string;
  files: string[];
  jobs: number;
  tasks: number;
  inserted: number;
  updated: number;
  deleted: number;
  /** Jobs of the table that no file declares; they are left alone. */
  notDeclared: string[];
  warnings: Problem[];
}

/** What stands in the tables. */
export interface TableReport {
  table: string;
  version: "v0.1" | "v0.2" | "unknown";
  columns: string[];
  rows: (string | null)[][];
  /** The tracking table; null where there is none. */
  jobs: { key: string; jobId: string; name: string | null }[] | null;
}

/** See {@link openTableVerbs}. */
export interface TableVerbs {
  create(): Promise<{ table: string; jobsTable: string }>;
  /** All files or nothing. @throws HeadgateError `declaration_invalid` with every fault and its place */
  load(paths: readonly string[]): Promise<LoadReport>;
  show(): Promise<TableReport>;
}

/** Which table is meant, where a project has several or none. */
interface WhichTable {
  /** `catalog.schema.table`; by default that of the project's only control-table source. */
  table?: string | undefined;
}

/** The control tables of a project. @throws HeadgateError `config_invalid` where it is not clear which table is meant */
export interface ControlTables {
  create(which?: WhichTable): ReturnType<TableVerbs["create"]>;
  /** All files or nothing. @throws HeadgateError `declaration_invalid` with every fault and its place */
  load(paths: readonly string[], which?: WhichTable): Promise<LoadReport>;
  show(which?: WhichTable): Promise<TableReport>;
}

/** The control tables of a project, each opened when it is asked for. */
export function controlTables(config: Config, context: JobSourceContext): ControlTables {
  return {
    create: async (which) => openTableVerbs(config, context, which?.table).create(),
    load: async (paths, which) => openTableVerbs(config, context, which?.table).load(paths),
    show: async (which) => openTableVerbs(config, context, which?.table).show(),
  };
}

/**
 * The verbs of a control table.
 * @param wanted the table; by default that of the project's only control-table source
 * @throws HeadgateError `config_invalid` where it is not clear which table is meant
 */
export function openTableVerbs(config: Config, context: JobSourceContext, wanted?: string): TableVerbs {
  const sources = config.jobs.sources.filter((source) => source.kind === "control-table");
  const known = sources.map(({ table }) => table);
  const source = wanted === undefined ? sources[0] : sources.find(({ table }) => table === wanted);
  if (source === undefined ? wanted === undefined : wanted === undefined && sources.length > 1) {
    const message = sources.length === 0 ? "the project has no control table" : `it has several: ${known.join(", ")}`;
    const hint = "name one: --table catalog.schema.table, or a source of kind control-table in headgate.yaml";
    throw new HeadgateError("config_invalid", message, { hint, permanent: true });
  }
  const about = source ?? { table: wanted ?? "" };
  const tables = tablesOf(about, context);

  return {
    async create() {
      await tables.create();
      return { table: tables.name, jobsTable: tables.jobsName };
    },
    async load(paths) {
      const metadata = await metadataSource(context.dir, paths);
      // As the table's jobs will be read: what is wrong with one is found before it is in the table.
      const checked = await readDeclared({ sources: [openYamlSource(metadata, { ...context, cache: undefined })] });
      const read = await readMetadata(metadata, context, tables.name);
      const { rows, problems } = rowsOfEntries(read.entries);
      const resources = [...new Set(read.entries.map(({ resource }) => resource))];
      const isError = ({ severity }: Problem) => severity === "error";
      const faults = checked.problems.filter(isError);
      const errors = faults.length > 0 ? faults : [...read.problems, ...problems].filter(isError);
      const [first] = errors;
      if (first !== undefined || rows.length === 0) {
        const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
        const message = first ? formatProblem({ ...first, hint: undefined }) + more : "there is no job in these files";
        throw new HeadgateError("declaration_invalid", `${message}; nothing was loaded`, {
          hint: first?.hint,
          permanent: true,
          data: { problems: errors },
        });
      }
      const before = await tables.read();
      const old = formOf(before.columns) === "module";
      const [newer] = read.withJobs;
      if (old && newer !== undefined) {
        throw new HeadgateError(
          "input_invalid",
          `${tables.name} is a table of v0.1, and ${newer} declares jobs of v0.2`,
          {
            hint: "a table of v0.1 takes `modules:`; make a new table for the others: its jobs keep their ids",
            permanent: true,
          },
        );
      }
      const moduleRows = old ? rowsOfModules(read.modules) : [];
      const names = old ? [...new Set(read.modules.map(({ name }) => name))] : resources;
      const counts = old ? await tables.loadModules(moduleRows, names, before.columns) : await tables.load(rows, names);
      const column = before.columns.indexOf(old ? "module_name" : "resource_id");
      const there = new Set(before.rows.map((row) => row[column] ?? ""));
      const declared = new Set(names);
      const tasks = old ? moduleRows.length : rows.length;
      return {
        ...{ table: tables.name, files: read.files, jobs: names.length, tasks },
        ...counts,
        notDeclared: [...there].filter((resource) => resource !== "" && !declared.has(resource)).sort(),
        warnings: checked.problems,
      };
    },
    async show() {
      const [text, tracking] = await Promise.all([tables.read(), tables.readTracking()]);
      const form = formOf(text.columns);
      const version = form === "job" ? "v0.2" : form === "module" ? "v0.1" : "unknown";
      return { table: text.name, version, columns: text.columns, rows: text.rows, jobs: tracking?.jobs ?? null };
    },
  };
}
