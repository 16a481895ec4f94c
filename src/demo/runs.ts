/** The runs half of the demo: the processes of the example, and the runs of the week collected into the store. */
import type { Headgate } from "../app.ts";
import type { ProcessHealth } from "../model/process-health.ts";
import { utc } from "../util/clock.ts";

/** A process that is not well. */
export interface Unwell {
  health: ProcessHealth;
  /** What the verdict does not say: the table it waits for, or what takes too long. */
  cause: string | undefined;
}

/** What was collected, and how the processes stand by it. */
export interface DemoRuns {
  /** Processes and tasks that the files declare. */
  processes: number;
  tasks: number;
  /** Runs of the workspace that were read. */
  runs: number;
}

/** Registers the processes of the project. @returns how many of them, and how many tasks */
async function register({ runs }: Headgate): Promise<Pick<DemoRuns, "processes" | "tasks">> {
  const { declared, problems } = await runs.registerFiles();
  const [problem] = problems;
  if (problem !== undefined) throw new Error(`the example's processes: ${problem.message}`);
  const named = (parts: number) => declared.filter(({ key }) => key.split("/").length === parts).length;
  return { processes: named(2), tasks: named(4) };
}

/** Registers the processes and collects the runs since a time. @param since milliseconds since 1970 UTC */
export async function collectRuns(headgate: Headgate, since: number, signal: AbortSignal): Promise<DemoRuns> {
  await headgate.runs.setup({ actor: "collector" });
  const declared = await register(headgate);
  const reports = await headgate.observe({ since: utc(since), signal });
  return { ...declared, runs: reports.reduce((sum, { runs }) => sum + runs, 0) };
}

/** The declared processes that are not well on the newest day that they were run, worst first, each with a cause. */
export async function judgeProcesses({ runs, causes }: Headgate, days: readonly string[]): Promise<Unwell[]> {
  const newest = new Map<string, ProcessHealth>();
  for (const processingDate of days) {
    for (const health of await runs.processes({ processingDate })) {
      if (health.executionId !== null) newest.set(`${health.projectCode}/${health.processLoad}`, health);
    }
  }
  const unwell = [...newest.values()].filter(({ verdict }) => verdict !== "ok" && verdict !== "unknown");
  return Promise.all(
    unwell.map(async (health) => {
      const { projectCode, processLoad, processingDate, executionId } = health;
      const told = await causes({ projectCode, processLoad, processingDate, executionId: executionId ?? "" });
      const cause = told.find(({ kind }) => kind === "table") ?? told.find(({ kind }) => kind === "running");
      return { health, cause: cause?.sentence };
    }),
  );
}
