/** An opened project as commands use it, and the care that it is closed again. */
import type { JobsRoom } from "../jobs/room.ts";
import type { Run } from "../model/run.ts";
import type { CliContext } from "./context.ts";
import type { Style } from "./print/style.ts";

/** What a command may ask for when it opens a project. */
export interface OpenOptions {
  /** Where the search for headgate.yaml begins, or the folder that was named. */
  dir: string;
  /** True when `dir` was named: headgate.yaml must lie in it. */
  exact: boolean;
  target: string | undefined;
  vars: Record<string, string>;
}

/** One target of a project, open. */
export interface Project {
  jobs: JobsRoom;
  project: string;
  target: string;
  /** Whether the target wants a yes before anything is sent. */
  confirm: boolean;
  /** `https://…` of the workspace. */
  host: string;
  /** IANA zone in which times are shown. */
  timezone: string;
  getRun(runId: string): Promise<Run | undefined>;
  /** Name of the principal we are in the workspace. */
  whoAmI(): Promise<string>;
  close(): Promise<void>;
}

/** Opens the project that the global flags mean, hands it to `use`, and closes it whatever happens. */
export async function withProject(
  context: CliContext,
  use: (project: Project & { style: Style }) => Promise<number>,
  options: { target?: string | undefined } = {},
): Promise<number> {
  const { globals, env, cwd } = context;
  if (context.open === undefined) throw new Error("nothing opens projects");
  const project = await context.open({
    dir: globals.dir ?? cwd,
    exact: globals.dir !== undefined,
    target: options.target ?? globals.target ?? (env.HEADGATE_TARGET || undefined),
    vars: globals.vars,
  });
  try {
    return await use({ ...project, style: { ...context.style, timezone: project.timezone } });
  } finally {
    await project.close();
  }
}
