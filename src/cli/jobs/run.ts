/** `headgate jobs run`: starts a job now, and waits for its end where that is asked for. */
import { HeadgateError } from "../../errors.ts";
import type { Run } from "../../model/run.ts";
import { systemClock } from "../../util/clock.ts";
import { answer, type CliContext } from "../context.ts";
import { runJson, runText } from "../print/run.ts";
import { createProgress } from "../progress.ts";
import { type Project, withProject } from "../project.ts";

export interface RunFlags {
  wait: boolean;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 10_000;
const OVER: readonly Run["state"][] = ["done", "failed", "cancelled", "skipped"];

/** Reads the run again and again, ever slower, until it is over. */
async function waitFor(context: CliContext, project: Project, runId: string): Promise<Run> {
  const progress = createProgress(context);
  let told = "";
  try {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 1.5)) {
      const run = await project.workspace.getRun(runId);
      if (run === undefined) throw new HeadgateError("not_found", `run ${runId} is gone`, { permanent: true });
      if (OVER.includes(run.state)) return run;
      const ended = run.tasks.filter(({ state }) => OVER.includes(state)).length;
      const now = `run ${runId} ${run.state}${run.tasks.length > 0 ? `, ${ended} of ${run.tasks.length} tasks over` : ""}`;
      if (context.stderr.isTTY) progress.live(now);
      else if (now !== told) progress.line(now);
      told = now;
      await systemClock.sleep(pause, context.signal);
    }
  } finally {
    progress.end();
  }
}

export default function run(context: CliContext, flags: RunFlags, resource: string): Promise<number> {
  return withProject(context, async (project) => {
    const started = await project.jobs.run(resource);
    const run = flags.wait ? await waitFor(context, project, started.runId) : undefined;
    const report = { resource, ...started, run };
    answer(context, { text: () => runText(project.style, report), json: () => runJson(report) });
    return run === undefined || run.state === "done" ? 0 : 1;
  });
}
