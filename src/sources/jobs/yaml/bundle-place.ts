/** Where a bundle lies, and where its deployments keep what they know. */
import { join } from "node:path";
import type { JobSourceContext } from "../../job-source.ts";
import { bundleFacts, workspaceScope } from "./bundle.ts";
import type { YamlSourceConfig } from "./config.ts";
import { parseYamlFiles } from "./read.ts";

/** See {@link bundlePlace}. */
export interface BundlePlace {
  /** Folder of the file with `bundle:`, absolute. */
  folder: string;
  /** Folder in the workspace in which the Databricks CLI keeps state and metadata; unknown where who we are is unknown. */
  statePath: string | undefined;
}

/** The bundle of a source's files, as the target deploys it; faults of the files are told by whoever reads their jobs. */
export async function bundlePlace(config: YamlSourceConfig, context: JobSourceContext): Promise<BundlePlace> {
  const files = await parseYamlFiles(config, context, []);
  const workspace = await context.workspace();
  const facts = bundleFacts(files, context.target, { ...context, workspace });
  const scope = workspaceScope(facts, workspace, context);
  return { folder: join(context.dir, facts.root), statePath: scope.state_path };
}
