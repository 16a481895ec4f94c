/** What other tools keep of their deployments of a target: for plans that explain what they would do. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config/load.ts";
import { HeadgateError } from "../errors.ts";
import type { AskDeployed } from "../jobs/compute-elsewhere.ts";
import type { JobSourceContext } from "../sources/job-source.ts";
import { findBundleResources, readDeployed, readTerraformPlan } from "../sources/jobs/deployed/read.ts";
import type { WorkspaceFiles } from "../workspace/workspace.ts";

/** The state that Terraform keeps in its folder where no backend is configured. */
const LOCAL_STATE = "terraform.tfstate";

/** Finds the state of a bundle by its own rules, that of Terraform beside the project; a given one is read instead. */
export function deployedFrom(
  config: Pick<Config, "jobs" | "dir" | "target">,
  context: JobSourceContext,
  files: WorkspaceFiles,
): AskDeployed {
  const { dir, target } = config;
  const given = (kind: "bundle" | "terraform", path: string) =>
    readDeployed({ kind, path, cwd: dir, target: target.name });
  return async (kind, state) => {
    if (kind === "terraform") {
      const plan =
        state === undefined ? undefined : await readTerraformPlan({ path: state, cwd: dir, target: target.name });
      if (plan) return { jobs: plan.deployed, plan };
      const path = state ?? join(dir, LOCAL_STATE);
      return { jobs: state !== undefined || existsSync(path) ? (await given(kind, path)).jobs : undefined };
    }
    const source = config.jobs.sources.find((one) => one.kind === "yaml" && one.profile === "bundle");
    if (source?.kind !== "yaml")
      throw new HeadgateError("config_invalid", "no source of this project is a bundle", {
        hint: "declare its files with what a bundle adds to every job: { kind: yaml, path: databricks.yml, profile: bundle }",
        permanent: true,
      });
    const { bundlePlace } = await import("../sources/jobs/yaml/bundle-place.ts");
    const { folder, statePath } = await bundlePlace(source, context);
    const found = state
      ? await given(kind, state)
      : await findBundleResources({ folder, statePath, target: target.name, files });
    return {
      ...found,
      jobs: found?.jobs,
      metadataPath: statePath && `${statePath}/metadata.json`,
    };
  };
}
