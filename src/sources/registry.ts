/** Every kind of source: what may be written for it, and how it is opened. */
import type { StatementsApi } from "../clients/databricks/statements.ts";
import { HeadgateError } from "../errors.ts";
import { kinds } from "../model/kinds.ts";
import type { Place } from "../model/problem.ts";
import type { Clock } from "../util/clock.ts";
import type { EvidenceSource } from "./evidence-source.ts";
import { CsvInventoryConfig } from "./inventory/csv/config.ts";
import { HmsInventoryConfig } from "./inventory/hms/config.ts";
import { UcxInventoryConfig } from "./inventory/ucx/config.ts";
import type { JobSource, JobSourceContext } from "./job-source.ts";
import { ControlTableSourceConfig } from "./jobs/control-table/config.ts";
import { openControlTableSource } from "./jobs/control-table/index.ts";
import { TemplateSourceConfig } from "./jobs/template/config.ts";
import { openTemplateSource } from "./jobs/template/index.ts";
import { YamlSourceConfig } from "./jobs/yaml/config.ts";
import { openYamlSource } from "./jobs/yaml/index.ts";
import { CloudwatchConfig, GlueSparkConfig, MwaaConfig } from "./lineage/cloudwatch/config.ts";
import { GlueCrawlerConfig } from "./lineage/glue-crawler/config.ts";
import { OpenLineageConfig } from "./lineage/openlineage/config.ts";
import { openEventFiles } from "./lineage/openlineage/read.ts";
import { RedshiftConfig } from "./lineage/redshift/config.ts";
import { StorageLogsConfig } from "./lineage/storage-logs/config.ts";
import { openStorageLogFiles } from "./lineage/storage-logs/read.ts";
import { UnityCatalogConfig } from "./lineage/unity-catalog/config.ts";
import { openUnityCatalog } from "./lineage/unity-catalog/read.ts";
import type { RunSource } from "./run-source.ts";
import { AdfRunsConfig } from "./runs/adf/config.ts";
import { DatabricksRunsConfig } from "./runs/databricks/config.ts";
import { openDatabricksRuns } from "./runs/databricks/index.ts";
import type { RunsOfWorkspace } from "./runs/databricks/read.ts";

/** A source of declared jobs, as written under `jobs.sources`. */
export const JobSourceConfig = kinds("kind", [YamlSourceConfig, TemplateSourceConfig, ControlTableSourceConfig]);
export type JobSourceConfig = YamlSourceConfig | TemplateSourceConfig | ControlTableSourceConfig;

/** A source of runs, as written under `runs.sources`. */
export const RunSourceConfig = kinds("kind", [DatabricksRunsConfig, AdfRunsConfig]);
export type RunSourceConfig = DatabricksRunsConfig | AdfRunsConfig;

/** A source of evidence, as written under `lineage.sources`. */
export const LineageSourceConfig = kinds("kind", [
  UnityCatalogConfig,
  StorageLogsConfig,
  GlueSparkConfig,
  MwaaConfig,
  CloudwatchConfig,
  GlueCrawlerConfig,
  RedshiftConfig,
  OpenLineageConfig,
]);

export type LineageSourceConfig =
  | UnityCatalogConfig
  | StorageLogsConfig
  | GlueSparkConfig
  | MwaaConfig
  | CloudwatchConfig
  | GlueCrawlerConfig
  | RedshiftConfig
  | OpenLineageConfig;

/** An inventory of tables, as written under `lineage.inventory`. */
export const InventoryConfig = kinds("kind", [CsvInventoryConfig, HmsInventoryConfig, UcxInventoryConfig]);

function openJobSource(config: JobSourceConfig, context: JobSourceContext): JobSource {
  switch (config.kind) {
    case "yaml":
      return openYamlSource(config, context);
    case "template":
      return openTemplateSource(config, context);
    case "control-table":
      return openControlTableSource(config, context);
  }
}

/** Opens the job sources of a project; nothing is read yet. */
export function openJobSources(configs: readonly JobSourceConfig[], context: JobSourceContext): JobSource[] {
  return configs.map((config) => openJobSource(config, context));
}

/** What a run source gets to know when it is opened. */
export interface RunSourceContext {
  /** The target's workspace, and its name in the config. */
  workspace: RunsOfWorkspace;
  workspaceName: string | undefined;
  /** Place of a source in the config, by its index. */
  placeOf?: ((index: number) => Place | undefined) | undefined;
}

/**
 * Opens the run sources of a project.
 * @throws HeadgateError `config_invalid` for a kind or a workspace that this version cannot read: leaving its runs out
 * would look as if they had not run
 */
export function openRunSources(configs: readonly RunSourceConfig[], context: RunSourceContext): RunSource[] {
  return configs.map((config, index) => {
    const place = context.placeOf?.(index);
    const where = `${place ? `${place.file}:${place.line}:${place.column} ` : ""}runs.sources[${index}]`;
    if (config.kind !== "databricks") {
      throw new HeadgateError("config_invalid", `${where}: runs of kind ${config.kind} are not read by this version`, {
        hint: "leave the source out; its pipelines may tell of themselves over HTTP",
        permanent: true,
      });
    }
    if (config.workspace !== undefined && config.workspace !== context.workspaceName) {
      const message = `${where}: runs of ${config.workspace} are not read here: the target's workspace is ${context.workspaceName}`;
      throw new HeadgateError("config_invalid", message, {
        hint: "make a target of that workspace, and observe it",
        permanent: true,
      });
    }
    return openDatabricksRuns(config, context.workspace);
  });
}

/** What a source of evidence gets to know when it is opened. */
export interface EvidenceSourceContext {
  /** Project folder, absolute; paths of a source are relative to it. */
  dir: string;
  /** Place of a source in the config, by its index. */
  placeOf?: ((index: number) => Place | undefined) | undefined;
  /** SQL on the target's workspace. */
  statements: () => Promise<Pick<StatementsApi, "execute">>;
  /** The workspace's own SQL warehouse, where the config names one. */
  warehouse: string | undefined;
  clock: Clock;
}

/** The version that brings what can be written for a source of evidence but not read yet. */
const EVIDENCE_COMING = "0.4";

/**
 * Opens a source of evidence.
 * @param index its place under `lineage.sources`
 * @throws HeadgateError `config_invalid` for what this version cannot read
 */
export function openEvidenceSource(
  config: LineageSourceConfig,
  index: number,
  context: EvidenceSourceContext,
): EvidenceSource {
  const name = config.name ?? config.kind;
  if (config.kind === "storage-logs" && config.path !== undefined)
    return openStorageLogFiles(name, config, context.dir);
  if (config.kind === "openlineage") return openEventFiles(name, config, context.dir);
  const place = context.placeOf?.(index);
  const where = `${place ? `${place.file}:${place.line}:${place.column} ` : ""}lineage.sources[${index}]`;
  if (config.kind === "unity-catalog") {
    const warehouse = config.warehouse ?? context.warehouse;
    if (warehouse !== undefined) return openUnityCatalog(name, config, { ...context, warehouse });
    throw new HeadgateError(
      "config_invalid",
      `${where}: there is no SQL warehouse to read Unity Catalog's lineage with`,
      {
        hint: "name one: workspaces.<name>.warehouse, or warehouse of the source",
        permanent: true,
      },
    );
  }
  const what = config.kind === "storage-logs" ? "storage-logs in a container" : `kind ${config.kind}`;
  const hint = config.kind === "storage-logs" ? "copy the logs to this machine and give their path" : "leave it out";
  const message = `${where}: sources of ${what} are not read by this version; they come with headgate ${EVIDENCE_COMING}`;
  throw new HeadgateError("config_invalid", message, { hint, permanent: true });
}
