/** Every kind of source: what may be written for it, and how it is opened. */
import { HeadgateError } from "../errors.ts";
import { kinds } from "../model/kinds.ts";
import type { Place } from "../model/problem.ts";
import { CsvInventoryConfig } from "./inventory/csv/config.ts";
import { HmsInventoryConfig } from "./inventory/hms/config.ts";
import { UcxInventoryConfig } from "./inventory/ucx/config.ts";
import type { JobSource, JobSourceContext } from "./job-source.ts";
import { ControlTableSourceConfig } from "./jobs/control-table/config.ts";
import { TemplateSourceConfig } from "./jobs/template/config.ts";
import { YamlSourceConfig } from "./jobs/yaml/config.ts";
import { openYamlSource } from "./jobs/yaml/index.ts";
import { CloudwatchConfig, GlueSparkConfig, MwaaConfig } from "./lineage/cloudwatch/config.ts";
import { GlueCrawlerConfig } from "./lineage/glue-crawler/config.ts";
import { OpenLineageConfig } from "./lineage/openlineage/config.ts";
import { RedshiftConfig } from "./lineage/redshift/config.ts";
import { StorageLogsConfig } from "./lineage/storage-logs/config.ts";
import { UnityCatalogConfig } from "./lineage/unity-catalog/config.ts";
import { AdfRunsConfig } from "./runs/adf/config.ts";
import { DatabricksRunsConfig } from "./runs/databricks/config.ts";

/** A source of declared jobs, as written under `jobs.sources`. */
export const JobSourceConfig = kinds("kind", [YamlSourceConfig, TemplateSourceConfig, ControlTableSourceConfig]);
export type JobSourceConfig = YamlSourceConfig | TemplateSourceConfig | ControlTableSourceConfig;

/** A source of runs, as written under `runs.sources`. */
export const RunSourceConfig = kinds("kind", [DatabricksRunsConfig, AdfRunsConfig]);

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

/** An inventory of tables, as written under `lineage.inventory`. */
export const InventoryConfig = kinds("kind", [CsvInventoryConfig, HmsInventoryConfig, UcxInventoryConfig]);

/** Kinds of job sources that can be written but not read yet, with the version that brings them. */
const COMING: Partial<Record<JobSourceConfig["kind"], string>> = { template: "0.3", "control-table": "0.3" };

/**
 * Opens the job sources of a project.
 * @param placeOf place of a source in the config, by its index
 * @throws HeadgateError `config_invalid` for a kind that this version cannot read: leaving its jobs out would look as
 * if nobody declared them any more
 */
export function openJobSources(
  configs: readonly JobSourceConfig[],
  context: JobSourceContext,
  placeOf: (index: number) => Place | undefined = () => undefined,
): JobSource[] {
  return configs.map((config, index) => {
    if (config.kind === "yaml") return openYamlSource(config, context);
    const place = placeOf(index);
    const where = place ? `${place.file}:${place.line}:${place.column} ` : "";
    throw new HeadgateError(
      "config_invalid",
      `${where}jobs.sources[${index}]: sources of kind ${config.kind} are not read by this version; they come with headgate ${COMING[config.kind]}`,
      { hint: "leave the source out, or declare its jobs in YAML", permanent: true },
    );
  });
}
