/** Why a run is red or waits, read from the store: its steps, and what the lineage knows of the tables they read. */
import type { Cause, TableRead } from "../across/cause.ts";
import type { OpenQuestions } from "../lineage/questions.ts";
import type { ProcessTask } from "../model/process.ts";
import type { RunKey, StoredStep } from "../model/step.ts";
import type { Store } from "../store/transaction.ts";
import type { Clock } from "../util/clock.ts";

/** What is asked. */
export interface CausesParts {
  store: () => Promise<Store>;
  questions: Pick<OpenQuestions, "at">;
  clock: Clock;
  /** Of the times in the sentences. */
  timezone: string;
}

/** The causes of one run: first what stands still by itself, then what waits for it. */
export type AskCauses = (run: RunKey) => Promise<Cause[]>;

/** So long the catalogue is taken for unchanged: a list of red runs asks for it again and again. Milliseconds. */
const CATALOGUE_MS = 30_000;

type TasksOf = (job: string) => readonly ProcessTask[];

async function readTasks({ runs }: Store): Promise<TasksOf> {
  const { jobNamedBy } = await import("../across/table-reads.ts");
  const byJob = new Map<string, ProcessTask[]>();
  for (const { projectCode, processLoad } of await runs.catalogue.processes()) {
    for (const task of await runs.catalogue.tasks(projectCode, processLoad)) {
      const job = jobNamedBy(task);
      if (job !== undefined) byJob.set(job, [...(byJob.get(job) ?? []), task]);
    }
  }
  return (job) => byJob.get(job) ?? [];
}

/** Opens nothing yet. */
export function openCauses({ store, questions, clock, timezone }: CausesParts): AskCauses {
  let known: { tasks: Promise<TasksOf>; at: number } | undefined;

  function tasks(opened: Store): Promise<TasksOf> {
    if (known === undefined || clock.now() - known.at > CATALOGUE_MS) {
      const read = readTasks(opened);
      known = { tasks: read, at: clock.now() };
      // What could not be read is read again by the next question.
      read.catch(() => {
        known = undefined;
      });
    }
    return known.tasks;
  }

  async function readsOf(opened: Store, steps: readonly StoredStep[], now: number): Promise<TableRead[]> {
    if ((await opened.lineage.sourceDays()).length === 0) return [];
    const graph = await questions.at();
    const { tableReadsOf } = await import("../across/table-reads.ts");
    return tableReadsOf(steps, { graph, runs: opened.runs, tasksOf: await tasks(opened), now });
  }

  return async ({ projectCode, processLoad, processingDate, executionId }) => {
    const opened = await store();
    const steps = await opened.runs.steps({ projectCode, processLoad, processingDate, executionId, limit: 100_000 });
    const { causesOf } = await import("../across/cause.ts");
    const now = clock.now();
    const causes = causesOf({ steps, now, timezone });
    // Nothing is wrong: nobody asks which tables it reads.
    if (causes.length === 0) return causes;
    return causesOf({ steps, reads: await readsOf(opened, steps, now), now, timezone });
  };
}
