/** `--params params.json`: the project that a parameter file of db-dsc-jobs means. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { dscConfig } from "../../config/dsc-params.ts";
import { HeadgateError } from "../../errors.ts";
import type { CliContext } from "../context.ts";
import type { ProjectWish } from "../project.ts";

/**
 * Reads the file. `jobs/` and `templates/` lie beside it, or in the folder of `--dir`.
 * @throws HeadgateError `config_invalid` for a file that cannot be read or is wrong, at its place
 */
export function paramsProject(context: CliContext, file: string): NonNullable<ProjectWish["given"]> {
  const full = path.resolve(context.cwd, file);
  let text: string;
  try {
    text = readFileSync(full, "utf8");
  } catch (cause) {
    throw new HeadgateError("config_invalid", `${file} cannot be read`, {
      hint: "--params takes the parameter file of db-dsc-jobs: authority_type, databricks_uri, …",
      cause,
      permanent: true,
    });
  }
  const folder = path.resolve(context.cwd, context.globals.dir ?? path.dirname(full));
  const project =
    path
      .basename(folder)
      .replace(/[^A-Za-z0-9_.-]+/g, "-")
      .replace(/^[^A-Za-z0-9]+/, "") || "dsc";
  const { text: config, env } = dscConfig(text, file, project);
  return { path: path.join(folder, "headgate.yaml"), name: file, text: config, env };
}
