/** The verbs that ask how runs stand. */
import { text } from "../values.ts";
import { verb } from "../verb.ts";
import { exitCode, limit, maybeAny, maybeProcess, ofProcess, onOff, RUN, sequence, workflow } from "./flags.ts";

/** Questions. */
export const QUESTION_VERBS = {
  pending: verb({
    brief: "lists the tasks of a run that may be started now, by stage",
    examples: [
      ["runs pending CORP/HR_DAILY", "of the newest run of the day"],
      ["runs pending CORP/HR_DAILY --all --json", "also what waits, runs or failed, and why"],
    ],
    load: () => import("./pending.ts"),
    parameters: {
      flags: { ...RUN, workflow, sequence, all: { ...onOff, brief: "also what may not be started now" } },
      positional: ofProcess,
    },
  }),
  status: verb({
    brief: "shows how processes stand, worst first, or the tasks of one",
    examples: [
      ["runs status", "every process with its verdict today"],
      ["runs status CORP/HR_DAILY --date 2026-11-20", "its tasks on that day"],
      ["runs status CORP/HR_DAILY/1/1", "every attempt of one task"],
    ],
    load: () => import("./status.ts"),
    parameters: {
      flags: { ...RUN, allAttempts: { ...onOff, brief: "every attempt, not only the newest of each task" } },
      positional: maybeAny,
    },
  }),
  blockers: verb({
    brief: "says what keeps the next stage from beginning",
    examples: [
      ["runs blockers", "of every process"],
      ["runs blockers CORP/HR_DAILY --exit-code", "ends with 2 when something blocks"],
    ],
    load: () => import("./blockers.ts"),
    parameters: { flags: { ...RUN, exitCode }, positional: maybeProcess },
  }),
  canAdvance: verb({
    brief: "says whether what comes after a stage may begin",
    examples: [
      ["runs can-advance CORP/HR_DAILY --sequence 2 --exit-code", "after stage 2; ends with 2 when it may not"],
    ],
    load: () => import("./can-advance.ts"),
    parameters: { flags: { ...RUN, workflow, sequence, exitCode }, positional: ofProcess },
  }),
  logs: verb({
    brief: "shows lines of ETLsysLogs, what the platforms said of their runs",
    examples: [["runs logs CORP/HR_DAILY --contains timeout", "lines of a process that hold a word"]],
    load: () => import("./logs.ts"),
    parameters: {
      flags: {
        ...RUN,
        contains: {
          kind: "parsed",
          parse: text,
          optional: true,
          placeholder: "TEXT",
          brief: "only lines that hold it",
        },
        limit,
      },
      positional: maybeProcess,
    },
  }),
  rebuild: verb({
    brief: "folds the log of commands again and puts right what differs",
    examples: [["runs rebuild --check", "only looks; ends with 1 when a step is not what the commands lead to"]],
    load: () => import("./rebuild.ts"),
    parameters: { flags: { check: { ...onOff, brief: "change nothing" } } },
  }),
};
