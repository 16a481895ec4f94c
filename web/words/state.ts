/** States of runs, jobs and applies: the class that gives colour and icon, and the word beside it. */
import type { ApplyItem, JobVerdict, RunMark } from "../../src/model/view.ts";

/** Class names of base styles: each sets the colour and the icon. */
export type Tone = "ok" | "run" | "wait" | "warn" | "fail" | "lost" | "none" | "skip";

const VERDICT: Record<JobVerdict["state"], Tone> = {
  ok: "ok",
  running: "run",
  late: "warn",
  failed: "fail",
  stuck: "lost",
  unknown: "wait",
  not_deployed: "wait",
};

const RUN: Record<RunMark["state"], { tone: Tone; word: string }> = {
  queued: { tone: "wait", word: "Queued" },
  pending: { tone: "wait", word: "Starting" },
  running: { tone: "run", word: "Running" },
  done: { tone: "ok", word: "Done" },
  failed: { tone: "fail", word: "Failed" },
  cancelled: { tone: "skip", word: "Cancelled" },
  skipped: { tone: "skip", word: "Skipped" },
  unknown: { tone: "wait", word: "Unknown" },
};

const ITEM: Record<ApplyItem["state"], { tone: Tone; word: string }> = {
  waiting: { tone: "wait", word: "Waiting" },
  running: { tone: "run", word: "Applying" },
  done: { tone: "ok", word: "Done" },
  failed: { tone: "fail", word: "Failed" },
  skipped: { tone: "skip", word: "Left out" },
};

export const verdictTone = (state: JobVerdict["state"]): Tone => VERDICT[state] ?? "wait";
export const runWord = (state: RunMark["state"]) => RUN[state] ?? RUN.unknown;
export const itemWord = (state: ApplyItem["state"]) => ITEM[state] ?? ITEM.waiting;

/** Words of the verdict filter. */
export const VERDICTS: { value: JobVerdict["state"]; label: string }[] = [
  { value: "failed", label: "Failed" },
  { value: "stuck", label: "Lost or stuck" },
  { value: "late", label: "Late" },
  { value: "running", label: "Running" },
  { value: "ok", label: "Done" },
  { value: "unknown", label: "Unknown" },
  { value: "not_deployed", label: "Not deployed" },
];

/** Words of the difference filter. */
export const DIFFERENCES = [
  { value: "same", label: "As declared" },
  { value: "declared", label: "Changed in the declaration" },
  { value: "drift", label: "Drift: changed in the workspace" },
  { value: "conflict", label: "Conflict: changed on both sides" },
  { value: "create", label: "New" },
  { value: "delete", label: "No longer declared" },
  { value: "recreate", label: "Gone, made again" },
  { value: "recover", label: "Found again" },
  { value: "refused", label: "Refused" },
] as const;
