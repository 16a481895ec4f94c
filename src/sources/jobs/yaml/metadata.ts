/** Metadata files of lakeflow_jobs_meta as they stand there, for whoever keeps their jobs elsewhere. */
import { stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { Problem } from "../../../model/problem.ts";
import { memberOf } from "../../../util/placed-yaml.ts";
import type { JobSourceContext } from "../../job-source.ts";
import type { MetadataEntry } from "../lakeflow-job.ts";
import { type Module, modulesIn } from "../lakeflow-modules.ts";
import type { YamlSourceConfig } from "./config.ts";
import { metadataEntries } from "./map.ts";
import { parseYamlFiles } from "./read.ts";

const PATTERN = "**/*.{yml,yaml}";

/** A source of the files of these paths: files, folders or patterns, relative to `dir`. */
export async function metadataSource(dir: string, paths: readonly string[]): Promise<YamlSourceConfig> {
  const patterns = paths.map(async (path) => {
    try {
      const full = isAbsolute(path) ? path : join(dir, path);
      return (await stat(full)).isDirectory() ? `${path.replace(/\/+$/, "")}/${PATTERN}` : path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return path;
      throw error;
    }
  });
  return { kind: "yaml", path: await Promise.all(patterns), profile: "lakeflow-meta" };
}

/** The jobs of all files of a source, each in the short form; modules of v0.1 as they stand there; names of the files. */
export async function readMetadata(
  source: YamlSourceConfig,
  context: JobSourceContext,
  controlTable: string,
): Promise<{ files: string[]; entries: MetadataEntry[]; modules: Module[]; withJobs: string[]; problems: Problem[] }> {
  const problems: Problem[] = [];
  const parsed = await parseYamlFiles(source, context, problems);
  const entries = metadataEntries(parsed, { variables: context.variables, controlTable }, problems);
  const modules = parsed.flatMap(({ root }) => modulesIn(root, []));
  const withJobs = parsed.flatMap(({ file, root }) => (memberOf(root, "jobs") ? [file] : []));
  return { files: parsed.map(({ file }) => file), entries, modules, withJobs, problems };
}
