/** The commands of the runs room: what each takes, its help, and the file that carries it out. */
import { text, time } from "../values.ts";
import { room, verb } from "../verb.ts";
import { date, execution, lease, maybeReason, ofProcess, onOff, processAndMode, RUN, until } from "./flags.ts";
import { QUESTION_VERBS } from "./question-routes.ts";
import { STEP_VERBS } from "./step-routes.ts";
import { WATERMARK } from "./watermark/routes.ts";

/** `headgate runs …`. */
export const RUNS = room("watches runs of processes: what is due, what ran, what blocks, from where to read on", {
  setup: verb({
    brief: "declares the built-in stages",
    description: "The store is made with the first use; this touches nothing that exists and may be repeated.",
    examples: [["runs setup", "stages 0 to 6"]],
    load: () => import("./setup.ts"),
    parameters: {},
  }),
  sample: verb({
    brief: "writes a process file and notebooks to start from",
    examples: [["runs sample monitor", "into the folder monitor; nothing is written over"]],
    load: () => import("./sample.ts"),
    parameters: {
      positional: {
        kind: "tuple",
        parameters: [{ brief: "folder (default: this one)", placeholder: "DIR", parse: text, optional: true }],
      },
    },
  }),
  register: verb({
    brief: "declares the processes of processes/*.yml",
    description:
      "All or nothing: every fault is shown at file:line:column, and then nothing was registered. Values of watermarks stay.",
    examples: [
      ["runs register", "the files of runs.catalogue"],
      ["runs register processes/hr.yml", "one file"],
    ],
    load: () => import("./register.ts"),
    parameters: {
      positional: { kind: "array", parameter: { brief: "file, folder or pattern", placeholder: "FILE", parse: text } },
    },
  }),
  executionId: verb({
    brief: "prints a new id for a run",
    examples: [["runs execution-id", "a UUID; export HEADGATE_EXECUTION=$(headgate runs execution-id)"]],
    load: () => import("./execution-id.ts"),
    parameters: {},
  }),
  generate: verb({
    brief: "makes the steps of a run: the tasks that are due",
    examples: [
      ["runs generate CORP/HR_DAILY", "a new run of its day"],
      ["runs generate CORP/HR_DAILY --date 2026-11-20 --force 1/7", "of another day, with a task that is not due"],
    ],
    load: () => import("./generate.ts"),
    parameters: {
      flags: {
        date,
        execution: { ...execution, brief: "id of the run (default: HEADGATE_EXECUTION, else a new one)" },
        force: {
          kind: "parsed",
          parse: text,
          optional: true,
          variadic: ",",
          placeholder: "W/T",
          brief: "tasks to run although they are not due, separated by commas",
        },
        carryForward: {
          kind: "boolean",
          default: true,
          brief: "leave out what an unfinished earlier run of the day has done",
        },
      },
      positional: ofProcess,
    },
  }),
  ...STEP_VERBS,
  exec: verb({
    brief: "runs a command as a task: its exit code says done or failed",
    description: [
      "Output and signals are passed through, the code is the command's own (128 + n for signal n, 127 and 126 where it",
      "cannot be run). Trouble with the monitor never fails the command: it is said on stderr, and events wait in",
      "HEADGATE_SPOOL (.headgate/spool.ndjson in a project). The command sees HEADGATE_EXECUTION, HEADGATE_DATE,",
      "HEADGATE_ATTEMPT, HEADGATE_WATERMARK and HEADGATE_FILE. Without --execution it joins the newest run of the day",
      "where the task waits, else begins one.",
    ].join("\n"),
    examples: [
      ["runs exec CORP/HR_DAILY/1/1 -- python load.py", "start, heartbeats, end or fail"],
      [
        "runs exec CORP/HR_DAILY/1/1 --date 2026-11-20 -- sh -c 'load --since \"$HEADGATE_WATERMARK\"'",
        "reads on from the watermark",
      ],
    ],
    formats: ["text"],
    load: () => import("./exec.ts"),
    parameters: {
      flags: { ...RUN, lease },
      positional: {
        kind: "array",
        minimum: 2,
        parameter: {
          brief: "task, like CORP/HR_DAILY/1/7, then the command",
          placeholder: "PROJECT/LOAD/WORKFLOW/TASK -- CMD",
          parse: text,
        },
      },
    },
  }),
  mode: verb({
    brief: "shows or sets what a process is run for",
    description:
      "historic: its date is the one given, until a run of it completes. bulk: watermarks are cleared, and kept for --restore.",
    examples: [
      ["runs mode CORP/HR_DAILY", "shows it"],
      ["runs mode CORP/HR_DAILY historic --date 2026-01-01", "the next runs are for that day"],
      ["runs mode CORP/HR_DAILY live --restore", "back to live, with the watermarks that bulk mode cleared"],
    ],
    load: () => import("./mode.ts"),
    parameters: {
      flags: {
        date: { ...date, brief: "the day of historic mode" },
        until,
        stay: { ...onOff, brief: "stay in it after a run that completed" },
        restore: { ...onOff, brief: "put back watermarks that bulk mode cleared" },
        reason: maybeReason,
      },
      positional: processAndMode,
    },
  }),
  observe: verb({
    brief: "collects what ran on the platform since the last time",
    description: [
      "Runs, tasks and attempts become lines of ETLsysLogs and observations of steps; what a task did not tell of itself",
      "is told for it, as the actor collector. Jobs that no catalogue names are shown too, as discovered processes.",
      "A pass may be interrupted anywhere: nothing is lost or doubled. serve does the same by itself.",
    ].join("\n"),
    examples: [
      ["runs observe", "one pass over runs.sources: the first reads what the platform still has (60 days)"],
      ["runs observe --follow --interval 5m", "a pass every five minutes, a line each, until Ctrl-C"],
      ["runs observe --since 2026-11-01", "reads everything since then again"],
    ],
    load: () => import("./observe.ts"),
    parameters: {
      flags: {
        follow: { ...onOff, brief: "go on, pass after pass, until it is stopped" },
        interval: {
          kind: "parsed",
          parse: text,
          default: "60s",
          placeholder: "DURATION",
          brief: "pause between passes",
        },
        since: {
          kind: "parsed",
          parse: time,
          optional: true,
          placeholder: "T",
          brief: "read again from this time on, whatever was read before",
        },
      },
    },
  }),
  ...QUESTION_VERBS,
  watermark: WATERMARK,
});
