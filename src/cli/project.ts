/** Opens the project that the global flags mean, and takes care that it is closed again. */
import type { Headgate, OpenHeadgateOptions } from "../app.ts";
import { formatProblem } from "../model/problem.ts";
import type { CliContext } from "./context.ts";
import type { Style } from "./print/style.ts";

/** A project's target, open, with the zone of its times. */
export type Project = Headgate & { style: Style };

/** Which project and target the global flags mean. */
export function openOptions(context: CliContext, target?: string): OpenHeadgateOptions {
  const { globals, env, cwd } = context;
  return {
    dir: globals.dir ?? cwd,
    exact: globals.dir !== undefined,
    target: target ?? globals.target,
    vars: globals.vars,
    env,
    onWarning: (message) => context.log.warn(message),
  };
}

/** Opens a project and says on stderr what is odd about its config. */
export async function openProject(context: CliContext, target?: string): Promise<Project> {
  const { openHeadgate } = await import("../app.ts");
  const headgate = await openHeadgate(openOptions(context, target));
  for (const problem of headgate.warnings) context.log.warn(formatProblem(problem));
  return { ...headgate, style: { ...context.style, timezone: headgate.timezone } };
}

/** Opens a project, hands it to `use`, and closes it whatever happens. */
export async function withProject(
  context: CliContext,
  use: (project: Project) => Promise<number>,
  options: { target?: string | undefined } = {},
): Promise<number> {
  const project = await openProject(context, options.target);
  try {
    return await use(project);
  } finally {
    await project.close();
  }
}
