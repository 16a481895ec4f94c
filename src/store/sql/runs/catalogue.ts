/** The catalogue in SQL: declaring says what was new, what changed, and gives the process a new version. */
import { sql } from "kysely";
import { HeadgateError } from "../../../errors.ts";
import type { Parameter, Process, ProcessTask, Sequence } from "../../../model/process.ts";
import { utc } from "../../../util/clock.ts";
import type { Json, JsonObject } from "../../../util/json.ts";
import { type Database, inTransaction } from "../../database.ts";
import type { Catalogue, Declared, DeclareOptions } from "../../runs.ts";
import type { ConfigParameter, ConfigProcess, ConfigSequence, ConfigTask } from "../../schema/runs.ts";
import { readParameters, valueColumns } from "./parameters.ts";

type Audit = "CreatedOn" | "CreatedBy" | "LastUpdatedOn" | "LastUpdatedBy";
type Bare<Row> = Omit<Row, Audit>;
type Table = "ETLconfigSequence" | "ETLconfigProcess" | "ETLconfigTasks" | "ETLconfigParameters";

const flag = (value: boolean): number => (value ? 1 : 0);
const objectText = (value: JsonObject | null): string | null => value && JSON.stringify(value);
const objectOf = (text: string | null): JsonObject | null => text && JSON.parse(text);

const sequenceRow = (one: Sequence): Bare<ConfigSequence> => ({
  SequenceID: one.sequenceId,
  SequenceCode: one.sequenceCode,
  SequenceName: one.name,
  SequenceDescription: one.description,
  SortOrder: one.sortOrder,
  IsActive: flag(one.isActive),
});

const processRow = (one: Process, project: string): Omit<Bare<ConfigProcess>, "CatalogueVersion"> => ({
  ProjectCode: one.projectCode,
  ProcessLoad: one.processLoad,
  ProcessName: one.name,
  ProcessDescription: one.description,
  ProcessOwner: one.owner,
  LoadFrequency: one.loadFrequency,
  IsActive: flag(one.isActive),
  Timezone: one.timezone,
  Deadline: objectText(one.deadline),
  Project: project,
});

const taskRow = (one: ProcessTask): Bare<ConfigTask> => ({
  TaskID: one.taskId,
  ProjectCode: one.projectCode,
  ProcessLoad: one.processLoad,
  WorkFlowID: one.workflowId,
  SequenceID: one.sequenceId,
  TaskName: one.name,
  TaskDescription: one.description,
  SourceType: one.sourceType,
  SourceIdentifier: one.sourceIdentifier,
  SourceSystemCode: one.sourceSystemCode,
  ExpectedDurationSeconds: one.expectedSeconds,
  FileNameMask: one.fileNameMask,
  FileExtension: one.fileExtension,
  InFilePath: one.inFilePath,
  OutFilePath: one.outFilePath,
  LoadFrequency: one.loadFrequency,
  TaskMandatory: flag(one.mandatory),
  IsActive: flag(one.isActive),
  TaskOwner: one.owner,
  Expectations: objectText(one.expect),
  Discovered: flag(one.discovered),
});

const taskOf = (row: ConfigTask): ProcessTask => ({
  projectCode: row.ProjectCode,
  processLoad: row.ProcessLoad,
  workflowId: row.WorkFlowID,
  taskId: row.TaskID,
  sequenceId: row.SequenceID,
  name: row.TaskName,
  description: row.TaskDescription,
  sourceType: row.SourceType,
  sourceIdentifier: row.SourceIdentifier,
  sourceSystemCode: row.SourceSystemCode,
  loadFrequency: row.LoadFrequency,
  mandatory: row.TaskMandatory === 1,
  expectedSeconds: row.ExpectedDurationSeconds,
  owner: row.TaskOwner,
  expect: objectOf(row.Expectations),
  fileNameMask: row.FileNameMask,
  fileExtension: row.FileExtension,
  inFilePath: row.InFilePath,
  outFilePath: row.OutFilePath,
  isActive: row.IsActive === 1,
  discovered: row.Discovered === 1,
});

/** The initiation task stands for a run as a whole; every process has it. */
const initiationOf = ({ projectCode, processLoad }: Process): ProcessTask => ({
  projectCode,
  processLoad,
  workflowId: 0,
  taskId: 0,
  sequenceId: 0,
  name: "Initiation",
  description: "Overall state of the run",
  sourceType: null,
  sourceIdentifier: null,
  sourceSystemCode: null,
  loadFrequency: "D",
  mandatory: true,
  expectedSeconds: null,
  owner: null,
  expect: null,
  fileNameMask: null,
  fileExtension: null,
  inFilePath: null,
  outFilePath: null,
  isActive: true,
  discovered: false,
});

/** The processing date of a process: live while it has no value. */
const systemDateOf = ({ projectCode, processLoad }: Process): Parameter => ({
  projectCode,
  processLoad,
  name: "SYSDT",
  type: "SYSTEM",
  description: "Processing date; empty = today",
  lookbackSeconds: 0,
  value: null,
});

const unknownProcess = (one: { projectCode: string; processLoad: string }) =>
  new HeadgateError("not_found", `There is no process ${one.projectCode}/${one.processLoad}`, {
    hint: "Declare the process before its tasks and parameters.",
    permanent: true,
  });

/** Writes one row and says what it changed. Columns of `keep` are never changed, those of `key` find the row. */
async function declare(
  within: Database,
  table: Table,
  row: Record<string, unknown>,
  settings: { key: readonly string[]; name: string; keep?: readonly string[]; insert?: Record<string, unknown> },
  options: DeclareOptions,
): Promise<Declared> {
  const { db } = within;
  const at = utc(within.clock.now());
  const is = sql.join(
    settings.key.map((column) => sql`${sql.ref(column)} = ${row[column]}`),
    sql` and `,
  );
  const columns = Object.keys(row);
  const found = await sql<Record<string, Json>>`select ${sql.join(columns.map((column) => sql.ref(column)))}
    from ${sql.table(table)} where ${is}`.execute(db);
  const before = found.rows[0];
  if (!before) {
    const audit = { CreatedOn: at, CreatedBy: options.actor, LastUpdatedOn: at, LastUpdatedBy: options.actor };
    const all: Record<string, unknown> = { ...row, ...settings.insert, ...audit };
    const names = Object.keys(all);
    await sql`insert into ${sql.table(table)} (${sql.join(names.map((name) => sql.ref(name)))})
      values (${sql.join(names.map((name) => all[name]))})`.execute(db);
    return { key: settings.name, outcome: "created", changes: [] };
  }
  const changes = columns
    .filter((column) => !settings.key.includes(column) && !settings.keep?.includes(column))
    .filter((column) => before[column] !== row[column])
    .map((field) => ({ field, before: before[field] ?? null, after: (row[field] ?? null) as Json }));
  if (changes.length === 0 || options.insertOnly) return { key: settings.name, outcome: "unchanged", changes: [] };
  const set = sql.join([
    ...changes.map(({ field, after }) => sql`${sql.ref(field)} = ${after}`),
    sql`"LastUpdatedOn" = ${at}`,
    sql`"LastUpdatedBy" = ${options.actor}`,
  ]);
  await sql`update ${sql.table(table)} set ${set} where ${is}`.execute(db);
  return { key: settings.name, outcome: "updated", changes };
}

async function newVersion(within: Database, processes: Iterable<string>): Promise<void> {
  for (const process of new Set(processes)) {
    const [projectCode, processLoad] = JSON.parse(process) as [string, string];
    await within.db
      .updateTable("ETLconfigProcess")
      .set((eb) => ({ CatalogueVersion: eb("CatalogueVersion", "+", 1) }))
      .where("ProjectCode", "=", projectCode)
      .where("ProcessLoad", "=", processLoad)
      .execute();
  }
}

async function requireProcess(within: Database, one: { projectCode: string; processLoad: string }): Promise<void> {
  const found = await within.db
    .selectFrom("ETLconfigProcess")
    .select("ProjectCode")
    .where("ProjectCode", "=", one.projectCode)
    .where("ProcessLoad", "=", one.processLoad)
    .executeTakeFirst();
  if (!found) throw unknownProcess(one);
}

const changed = (declared: Declared) => declared.outcome !== "unchanged";

async function declareTask(within: Database, task: ProcessTask, options: DeclareOptions): Promise<Declared> {
  await requireProcess(within, task);
  const sequence = await within.db
    .selectFrom("ETLconfigSequence")
    .select("SequenceID")
    .where("SequenceID", "=", task.sequenceId)
    .executeTakeFirst();
  if (!sequence) {
    throw new HeadgateError("not_found", `There is no sequence ${task.sequenceId} (task “${task.name}”)`, {
      hint: "0 to 6 are built in; declare others from 10 on.",
      permanent: true,
    });
  }
  return declare(
    within,
    "ETLconfigTasks",
    { ...taskRow(task) },
    {
      key: ["ProjectCode", "ProcessLoad", "WorkFlowID", "TaskID"],
      name: `${task.projectCode}/${task.processLoad}/${task.workflowId}/${task.taskId}`,
    },
    options,
  );
}

async function declareParameter(within: Database, one: Parameter, options: DeclareOptions): Promise<Declared> {
  await requireProcess(within, one);
  const name = `${one.projectCode}/${one.processLoad}/${one.name}`;
  const known = await within.db
    .selectFrom("ETLconfigParameters")
    .select("ParameterType")
    .where("ProjectCode", "=", one.projectCode)
    .where("ProcessLoad", "=", one.processLoad)
    .where("ParameterName", "=", one.name)
    .executeTakeFirst();
  if (known && known.ParameterType !== one.type && !options.insertOnly) {
    throw new HeadgateError("input_invalid", `The parameter ${name} is ${known.ParameterType}, not ${one.type}`, {
      hint: "A type never changes; declare a parameter with a new name.",
      permanent: true,
    });
  }
  if ((one.type === "SYSTEM") !== (one.name === "SYSDT")) {
    throw new HeadgateError("input_invalid", `The parameter ${name} cannot be ${one.type}`, {
      hint: "SYSDT is the only one of type SYSTEM, and is nothing else.",
      permanent: true,
    });
  }
  const row: Omit<Bare<ConfigParameter>, "ValueINT" | "ValueDateTime" | "ValueBIT"> = {
    ProjectCode: one.projectCode,
    ProcessLoad: one.processLoad,
    ParameterName: one.name,
    ParameterDescription: one.description,
    ParameterType: one.type,
    LookbackSeconds: one.lookbackSeconds,
  };
  const value = valueColumns(one.type, one.value);
  return declare(
    within,
    "ETLconfigParameters",
    row,
    {
      key: ["ProjectCode", "ProcessLoad", "ParameterName"],
      name,
      keep: ["ParameterType"],
      insert: { ...value, ValueINT: sql`cast(${value.ValueINT} as bigint)` },
    },
    options,
  );
}

/** The catalogue of a database. */
export function sqlCatalogue(database: Database): Catalogue {
  const { read } = database;
  /** Declares each, in one transaction, and gives new versions to processes that changed. */
  const each = <T extends { projectCode: string; processLoad: string }>(
    all: readonly T[],
    one: (within: Database, item: T) => Promise<Declared>,
  ) =>
    inTransaction(database, async (within) => {
      const touched: string[] = [];
      const declared: Declared[] = [];
      for (const item of all) {
        const result = await one(within, item);
        declared.push(result);
        if (changed(result)) touched.push(JSON.stringify([item.projectCode, item.processLoad]));
      }
      await newVersion(within, touched);
      return declared;
    });

  return {
    declareSequences: (sequences, options) =>
      inTransaction(database, async (within) => {
        const declared: Declared[] = [];
        for (const one of sequences) {
          const settings = { key: ["SequenceID"], name: String(one.sequenceId) };
          declared.push(await declare(within, "ETLconfigSequence", { ...sequenceRow(one) }, settings, options));
        }
        return declared;
      }),

    declareProcesses: (processes, options) =>
      each(processes, async (within, one) => {
        const declared = await declare(
          within,
          "ETLconfigProcess",
          { ...processRow(one, options.project) },
          {
            key: ["ProjectCode", "ProcessLoad"],
            name: `${one.projectCode}/${one.processLoad}`,
            insert: { CatalogueVersion: 0 },
          },
          options,
        );
        const asTheyAre = { ...options, insertOnly: true };
        await declareTask(within, initiationOf(one), asTheyAre);
        await declareParameter(within, systemDateOf(one), asTheyAre);
        return declared;
      }),

    declareTasks: (tasks, options) => each(tasks, (within, task) => declareTask(within, task, options)),

    declareParameters: (parameters, options) =>
      each(parameters, (within, one) => declareParameter(within, one, options)),

    async sequences() {
      const rows = await read
        .selectFrom("ETLconfigSequence")
        .selectAll()
        .orderBy("SortOrder")
        .orderBy("SequenceID")
        .execute();
      return rows.map((row) => ({
        sequenceId: row.SequenceID,
        sequenceCode: row.SequenceCode,
        name: row.SequenceName,
        description: row.SequenceDescription,
        sortOrder: row.SortOrder,
        isActive: row.IsActive === 1,
      }));
    },

    async processes(filter = {}) {
      let query = read.selectFrom("ETLconfigProcess").selectAll();
      if (filter.project !== undefined) query = query.where("Project", "=", filter.project);
      if (filter.projectCode !== undefined) query = query.where("ProjectCode", "=", filter.projectCode);
      if (filter.processLoad !== undefined) query = query.where("ProcessLoad", "=", filter.processLoad);
      const rows = await query.orderBy("ProjectCode").orderBy("ProcessLoad").execute();
      return rows.map((row) => ({
        projectCode: row.ProjectCode,
        processLoad: row.ProcessLoad,
        name: row.ProcessName,
        description: row.ProcessDescription,
        owner: row.ProcessOwner,
        loadFrequency: row.LoadFrequency,
        timezone: row.Timezone,
        deadline: objectOf(row.Deadline),
        isActive: row.IsActive === 1,
        catalogueVersion: row.CatalogueVersion,
      }));
    },

    async tasks(projectCode, processLoad) {
      const rows = await read
        .selectFrom("ETLconfigTasks")
        .selectAll()
        .where("ProjectCode", "=", projectCode)
        .where("ProcessLoad", "=", processLoad)
        .orderBy("WorkFlowID")
        .orderBy("SequenceID")
        .orderBy("TaskID")
        .execute();
      return rows.map(taskOf);
    },

    parameters: (projectCode, processLoad) => readParameters(read, projectCode, processLoad),
  };
}
