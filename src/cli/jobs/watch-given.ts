/** What a watch without a project is told: flags, or job parameters as lakeflow_jobs_meta's monitor takes them. */
import path from "node:path";
import { HeadgateError } from "../../errors.ts";
import { nearest } from "../../util/nearest.ts";
import type { CliContext } from "../context.ts";
import type { ProjectWish } from "../project.ts";

/** Job parameters of the monitor, with the flags that mean the same. */
const PARAMETERS = {
  control_table: "controlTable",
  volume_path: "volumePath",
  check_interval_seconds: "checkIntervalSeconds",
  max_iterations: "maxIterations",
} as const;

/** What can be said either way. */
export type MonitorFlags = { [flag in (typeof PARAMETERS)[keyof typeof PARAMETERS]]?: string };

/**
 * Flags with what is said as job parameters (`control_table=main.etl.jobs`); an empty value is none, as in a job whose
 * parameter was left empty.
 * @throws HeadgateError `usage` for a parameter that is not known, or said twice
 */
export function withParameters(flags: MonitorFlags, words: readonly string[]): MonitorFlags {
  const made: MonitorFlags = Object.fromEntries(Object.entries(flags).filter(([, value]) => value?.trim() !== ""));
  for (const word of words) {
    const [, name = "", value = ""] = /^-{0,2}([A-Za-z_]+)=(.*)$/s.exec(word) ?? [];
    const flag = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name as keyof typeof PARAMETERS] : undefined;
    if (flag === undefined) {
      const near = nearest(name || word, Object.keys(PARAMETERS));
      throw new HeadgateError("usage", `"${word}" is no job parameter of a watch`, {
        hint: near ? `did you mean ${near}=…?` : `known are ${Object.keys(PARAMETERS).join(", ")}`,
      });
    }
    if (value.trim() === "") continue;
    if (made[flag] !== undefined) throw new HeadgateError("usage", `${name} is given twice`);
    made[flag] = value.trim();
  }
  return made;
}

/** The project that they mean, in memory; undefined where neither table nor folder is named: then it is headgate.yaml's. */
export async function monitorProject(
  context: CliContext,
  { controlTable, volumePath }: MonitorFlags,
  warehouse: string | undefined,
): Promise<NonNullable<ProjectWish["given"]> | undefined> {
  if (controlTable === undefined && volumePath === undefined) return undefined;
  const { lakeflowProject } = await import("../../app.ts");
  const given = await lakeflowProject({ controlTable, volumePath, warehouse, env: context.env });
  const folder = path.resolve(context.cwd, context.globals.dir ?? ".");
  return { path: path.join(folder, "headgate.yaml"), name: "(watch)", ...given };
}
