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

/** What a command may say about its project beside the global flags. */
export interface ProjectWish {
  target?: string | undefined;
  /** Instead of a headgate.yaml, with variables that only it sees. */
  given?: { path: string; name: string; text: string; env: Readonly<Record<string, string>> } | undefined;
}

/** Opens a project and says on stderr what is odd about its config. */
export async function openProject(context: CliContext, wish: ProjectWish = {}): Promise<Project> {
  const { openHeadgate } = await import("../app.ts");
  const usual = openOptions(context, wish.target);
  const { given } = wish;
  const headgate = await openHeadgate(given ? { ...usual, given, env: { ...usual.env, ...given.env } } : usual);
  for (const problem of headgate.warnings) context.log.warn(formatProblem(problem));
  return { ...headgate, style: { ...context.style, timezone: headgate.timezone } };
}

/** Opens a project, hands it to `use`, and closes it whatever happens. */
export async function withProject(
  context: CliContext,
  use: (project: Project) => Promise<number>,
  wish: ProjectWish = {},
): Promise<number> {
  const project = await openProject(context, wish);
  try {
    return await use(project);
  } finally {
    await project.close();
  }
}
