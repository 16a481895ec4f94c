/**
 * The configuration tables of databricks-etl-monitor by their names, columns and built-in rows, so that what reads
 * them there reads them here. Columns after the four audit columns are ours.
 */
import type { StoreKind } from "../../schema/schema.ts";
import { words } from "./dialect.ts";

const AUDIT = `
    "CreatedOn" text not null,
    "CreatedBy" text not null,
    "LastUpdatedOn" text not null,
    "LastUpdatedBy" text not null`;

/** Stages 0 to 9 are reserved; these seven come with the framework. */
const SEQUENCES: readonly [number, string, string, string][] = [
  [0, "LOAD_GO", "Initiating ETL Processing", "Initiating ETL Processing — overall run marker"],
  [1, "LOAD_DB_CONFIG", "Load Configuration Data", "Load Configuration Data from source"],
  [2, "LOAD_DB_TRAN", "Load Transactional Data", "Load Transactional Data from source (staging)"],
  [3, "LOAD_DIM", "Process Master Data", "Process Master Data — validate staged dimensions"],
  [4, "LOAD_TRAN", "Process Transactional Data", "Process Transactional Data — validate staged transactions"],
  [5, "PRE_PROCESS", "Functional Logic", "Functional Logic — business logic and derivations"],
  [6, "PROCESS_DATA", "Core Data Transformation", "Core Data Transformation — output / data mart tables"],
];

/** Statements in order. */
export function etlConfig(kind: StoreKind): string[] {
  const made = "'1970-01-01T00:00:00.000Z', 'headgate'";
  return [
    `create table "ETLconfigSequence" (
      "SequenceID" integer primary key,
      "SequenceCode" text not null,
      "SequenceName" text,
      "SequenceDescription" text,
      "SortOrder" integer not null,
      "IsActive" integer not null,${AUDIT}
    )`,
    ...SEQUENCES.map(
      ([id, code, name, description]) =>
        `insert into "ETLconfigSequence" values (${id}, '${code}', '${name}', '${description}', ${id}, 1, ${made}, ${made})`,
    ),

    `create table "ETLconfigProcess" (
      "ProjectCode" text not null,
      "ProcessLoad" text not null,
      "ProcessName" text,
      "ProcessDescription" text,
      "ProcessOwner" text,
      "LoadFrequency" text not null,
      "IsActive" integer not null,${AUDIT},
      "Timezone" text not null,
      "Deadline" text,
      "CatalogueVersion" bigint not null,
      "Project" text not null,
      primary key ("ProjectCode", "ProcessLoad")
    )`,

    `create table "ETLconfigTasks" (
      "TaskID" integer not null,
      "ProjectCode" text not null,
      "ProcessLoad" text not null,
      "WorkFlowID" integer not null,
      "SequenceID" integer not null references "ETLconfigSequence" ("SequenceID"),
      "TaskName" text not null,
      "TaskDescription" text,
      "SourceType" text,
      "SourceIdentifier" text,
      "SourceSystemCode" text,
      "ExpectedDurationSeconds" integer,
      "FileNameMask" text,
      "FileExtension" text,
      "InFilePath" text,
      "OutFilePath" text,
      "LoadFrequency" text not null,
      "TaskMandatory" integer not null,
      "IsActive" integer not null,${AUDIT},
      "TaskOwner" text,
      "Expectations" text,
      "Discovered" integer not null,
      primary key ("ProjectCode", "ProcessLoad", "WorkFlowID", "TaskID"),
      foreign key ("ProjectCode", "ProcessLoad") references "ETLconfigProcess" ("ProjectCode", "ProcessLoad")
    )`,

    `create table "ETLconfigParameters" (
      "ProjectCode" text not null,
      "ProcessLoad" text not null,
      "ParameterName" text not null,
      "ParameterDescription" text,
      "ParameterType" text not null check ("ParameterType" in ('DELTA_DATE', 'DELTA_ID', 'FLAG', 'SYSTEM')),
      "ValueINT" bigint,
      "ValueDateTime" text,
      "ValueBIT" integer,${AUDIT},
      "LookbackSeconds" integer not null,
      primary key ("ProjectCode", "ProcessLoad", "ParameterName"),
      foreign key ("ProjectCode", "ProcessLoad") references "ETLconfigProcess" ("ProjectCode", "ProcessLoad")
    )`,

    `create table "ETLsysLogs" (
      "_ID" ${words(kind).identity},
      "ProcessingDate" text,
      "ProjectCode" text,
      "ProcessLoad" text,
      "SourceType" text,
      "RunID" text,
      "ExecutionID" text,
      "CorrelationID" text,
      "PipelineName" text,
      "ActivityName" text,
      "OperationName" text,
      "Level" integer,
      "LogTimeUTC" text,
      "Message" text,
      "LogKey" text unique
    )`,
    `create index etl_sys_logs_by_run on "ETLsysLogs" ("ProjectCode", "ProcessLoad", "ProcessingDate", "ExecutionID")`,
  ];
}
