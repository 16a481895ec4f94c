/** Control calls on runs: start them at any time, say how tasks behave, insert a past, end what hangs. */
import { formatJson, type JsonObject, parseJson } from "../json.ts";
import type { TaskBehaviour } from "../options.ts";
import { describeRun } from "../runs/answer.ts";
import type { BehaviourRule } from "../runs/behaviours.ts";
import { catchUp, endTask, startRun } from "../runs/engine.ts";
import type { Result } from "../runs/model.ts";
import type { World } from "../world.ts";

/** A run to start. */
export interface StartRun {
  jobId: string;
  /** Default `PERIODIC`. */
  trigger?: string;
  /** Milliseconds on the workspace's clock: now, past or future. Default now. */
  at?: number;
  /** User name; default the job's creator. */
  as?: string;
  parameters?: Record<string, string>;
  /** Behaviour of this run's tasks by key; `*` = all others. Overrides every rule. */
  behaviours?: Record<string, TaskBehaviour>;
}

export function runControl(world: World) {
  const start = ({ jobId, trigger = "PERIODIC", at, as, parameters, behaviours }: StartRun) => {
    const job = world.jobs.find(jobId);
    if (!job) throw new Error(`no job ${jobId}`);
    const when = at === undefined ? {} : { at };
    const who = as === undefined ? {} : { creator: as };
    return startRun(world, { job, trigger, parameters, behaviours, ...when, ...who });
  };
  return {
    /** Starts a run of a job, as its schedule would. @returns its id; it is visible from `at` on */
    startRun(args: StartRun): { runId: string; number: number } {
      const run = start(args);
      return { runId: run.runId, number: run.number };
    },
    /** Starts many runs, in order of their times; what lies in the past has happened at the next look. */
    insertRuns(args: { runs: StartRun[] }): { runIds: string[] } {
      const runIds = args.runs.map((run) => start(run).runId);
      catchUp(world);
      return { runIds };
    },
    /** Says how tasks behave that match; the latest rule wins. @returns its id */
    addBehaviour(args: BehaviourRule): { id: number } {
      return { id: world.runs.behaviours.add(args) };
    },
    behaviours() {
      return world.runs.behaviours.list();
    },
    clearBehaviours(): object {
      world.runs.behaviours.clear();
      return {};
    },
    /** Ends a task that is at work now (the way out of `hang`). @throws Error when it is not at work */
    endTask(args: {
      runId: string;
      taskKey: string;
      outcome?: "success" | "fail" | "cancel";
      message?: string;
    }): object {
      catchUp(world);
      const run = world.runs.find(args.runId);
      const task = run?.latest.get(args.taskKey);
      if (!run || !task || (task.phase !== "RUNNING" && task.phase !== "PENDING")) {
        throw new Error(`no task ${args.taskKey} at work in run ${args.runId}`);
      }
      const results: Record<string, Result> = { fail: "FAILED", cancel: "CANCELED" };
      if (args.message !== undefined) task.behaviour = { ...task.behaviour, message: args.message };
      endTask(world, run, task, results[args.outcome ?? "success"] ?? "SUCCESS", world.clock.now());
      return {};
    },
    /** All runs (of a job), the newest first, in the API's form with their tasks. */
    runs(args: { jobId?: string } = {}): JsonObject[] {
      catchUp(world);
      const view = { tasks: true, history: true, resolved: false };
      return [...world.runs.walk(args.jobId, Infinity, Infinity)].map(
        (run) => parseJson(formatJson(describeRun(world, run, view))) as JsonObject,
      );
    },
    /** How many runs there are, how many events are still to come. */
    counts(): { jobs: number; runs: number; events: number } {
      catchUp(world);
      return { jobs: world.jobs.count(), runs: world.runs.count(), events: world.runs.events.size() };
    },
  };
}
