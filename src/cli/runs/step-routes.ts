/** The verbs about a task in a run: begin, end, skip, repeat. */
import { text } from "../values.ts";
import { verb } from "../verb.ts";
import {
  key,
  lease,
  logCode,
  maybeReason,
  message,
  metrics,
  ofAny,
  ofProcess,
  ofTask,
  onOff,
  RUN,
  reason,
  runId,
  STEP,
  sequence,
  taskAndEnd,
  workflow,
} from "./flags.ts";

/** Verbs about tasks. */
export const STEP_VERBS = {
  start: verb({
    brief: "a task begins",
    description:
      "Refused with 3 while another run of the task holds it; a repeat with the same --key or --run-id does nothing.",
    examples: [
      ["runs start CORP/HR_DAILY/1/1", "in the newest run of the day"],
      [
        "runs start CORP/HR_DAILY/1/1 --run-id 83 --lease 15m --json",
        "with the platform's run id; prints the watermark to read from",
      ],
    ],
    load: () => import("./start.ts"),
    parameters: {
      flags: {
        ...STEP,
        runId,
        runUrl: { kind: "parsed", parse: text, optional: true, placeholder: "URL", brief: "page of that run" },
        lease,
      },
      positional: ofTask,
    },
  }),
  heartbeat: verb({
    brief: "a task still runs",
    description: "Ends with 1 when it does not run any more: cancelled, lost, or ended by somebody.",
    examples: [
      ["runs heartbeat CORP/HR_DAILY/1/1 --metric rowsRead=120000", "prolongs the lease, tells how far it is"],
    ],
    load: () => import("./heartbeat.ts"),
    parameters: { flags: { ...STEP, lease, metric: metrics }, positional: ofTask },
  }),
  end: verb({
    brief: "a task is done",
    examples: [
      ["runs end CORP/HR_DAILY/1/1 --metric rowsWritten=42", "its watermark moves to where it started"],
      [
        "runs end CORP/HR_DAILY/1/1 --watermark 9000000001 --log-type WARN --message 'late rows'",
        "with a value of its own, and a warning",
      ],
    ],
    load: () => import("./end.ts"),
    parameters: {
      flags: {
        ...STEP,
        message,
        logCode,
        logType: { kind: "enum", values: ["INFO", "WARN", "ERROR"], optional: true, brief: "INFO, WARN or ERROR" },
        metric: metrics,
        watermark: {
          kind: "parsed",
          parse: text,
          optional: true,
          placeholder: "VALUE",
          brief: "value its watermark gets instead of the automatic one",
        },
        runId,
      },
      positional: ofTask,
    },
  }),
  fail: verb({
    brief: "a task has failed",
    examples: [["runs fail CORP/HR_DAILY/1/1 --message 'connection timeout' --log-code TIMEOUT", "ends the attempt"]],
    load: () => import("./fail.ts"),
    parameters: { flags: { ...STEP, message, logCode, metric: metrics, runId }, positional: ofTask },
  }),
  skip: verb({
    brief: "leaves a task out of one run",
    examples: [["runs skip CORP/HR_DAILY/1/3 --reason 'no file on bank holidays'", "it blocks nothing"]],
    load: () => import("./skip.ts"),
    parameters: { flags: { ...STEP, reason }, positional: ofTask },
  }),
  unskip: verb({
    brief: "takes a skipped task back into its run",
    examples: [["runs unskip CORP/HR_DAILY/1/3 --reason 'the file has come'", "it is queued again"]],
    load: () => import("./unskip.ts"),
    parameters: { flags: { ...STEP, reason }, positional: ofTask },
  }),
  cancel: verb({
    brief: "ends what of a run has not ended",
    examples: [["runs cancel CORP/HR_DAILY --reason 'source is down'", "its tasks fail with code CANCELLED"]],
    load: () => import("./cancel.ts"),
    parameters: { flags: { ...RUN, key, reason }, positional: ofProcess },
  }),
  amend: verb({
    brief: "gives an attempt that has ended another end",
    examples: [["runs amend CORP/HR_DAILY/1/1 DONE --reason 'loaded by hand'", "both ends stay in the log"]],
    load: () => import("./amend.ts"),
    parameters: { flags: { ...STEP, reason, message, logCode }, positional: taskAndEnd },
  }),
  reset: verb({
    brief: "gives failed tasks a new attempt",
    description: "Of every run of the day, unless --execution names one. With --replay also tasks that are done.",
    examples: [
      ["runs reset CORP/HR_DAILY", "everything that failed today runs again"],
      [
        "runs reset CORP/HR_DAILY/1/1 --date 2026-11-20 --replay --rollback-watermarks --reason 'source was corrected'",
        "one task of another day again, from where it had read then",
      ],
    ],
    load: () => import("./reset.ts"),
    parameters: {
      flags: {
        ...RUN,
        workflow,
        sequence,
        replay: { ...onOff, brief: "also tasks that are done; needs --reason" },
        rollbackWatermarks: { ...onOff, brief: "set watermarks back to before what is repeated" },
        reason: maybeReason,
      },
      positional: ofAny,
    },
  }),
};
