/** How tasks behave when they run: rules, the latest first, over the workspace's default. */
import type { TaskBehaviour } from "../options.ts";
import type { Run, TaskRun } from "./model.ts";

/** What a rule may depend on; what is absent matches everything. */
export interface BehaviourRule {
  jobId?: string;
  jobName?: string;
  /** Of an iteration: the key of the task inside the for-each. */
  taskKey?: string;
  /** 0 = the first attempt. */
  attempt?: number;
  /** The job's first run is 1. */
  runNumber?: number;
  trigger?: string;
  /** How many task starts it applies to; absent = all. */
  times?: number;
  behaviour: TaskBehaviour;
}

/** A task that is about to start. */
export interface StartingTask {
  jobId: string;
  jobName: string;
  runId: string;
  runNumber: number;
  trigger: string;
  taskKey: string;
  attempt: number;
  /** Of an iteration. */
  input: string | undefined;
  time: number;
}

export interface Behaviours {
  add(rule: BehaviourRule): number;
  clear(): void;
  list(): (BehaviourRule & { id: number; used: number })[];
  /** Sets a function that is asked first. */
  decide(decider: ((task: StartingTask) => TaskBehaviour | undefined) | undefined): void;
  of(run: Run, task: TaskRun, time: number): TaskBehaviour;
}

/** @param fallback what holds where nothing else is said */
export function makeBehaviours(fallback: () => TaskBehaviour): Behaviours {
  let rules: { id: number; rule: BehaviourRule; used: number }[] = [];
  let counter = 0;
  let decider: ((task: StartingTask) => TaskBehaviour | undefined) | undefined;

  const matches = (rule: BehaviourRule, task: StartingTask): boolean =>
    (["jobId", "jobName", "taskKey", "attempt", "runNumber", "trigger"] as const).every(
      (name) => rule[name] === undefined || rule[name] === task[name],
    );
  return {
    add(rule) {
      counter += 1;
      rules.push({ id: counter, rule, used: 0 });
      return counter;
    },
    clear() {
      rules = [];
    },
    list: () => rules.map(({ id, rule, used }) => ({ ...rule, id, used })),
    decide(next) {
      decider = next;
    },
    of(run, task, time) {
      const starting: StartingTask = {
        jobId: run.jobId,
        jobName: run.name,
        runId: run.runId,
        runNumber: run.number,
        trigger: run.trigger,
        taskKey: task.key,
        attempt: task.attempt,
        input: task.input,
        time,
      };
      const own = run.behaviours[task.key] ?? run.behaviours["*"];
      if (own) return { ...fallback(), ...own };
      const decided = decider?.(starting);
      if (decided) return { ...fallback(), ...decided };
      for (const entry of rules.toReversed()) {
        if (entry.rule.times !== undefined && entry.used >= entry.rule.times) continue;
        if (!matches(entry.rule, starting)) continue;
        entry.used += 1;
        return { ...fallback(), ...entry.rule.behaviour };
      }
      return fallback();
    },
  };
}
