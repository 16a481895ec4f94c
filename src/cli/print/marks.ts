/** Runs as one character each, newest last, and what a state means for its colour. */
import type { RunState } from "../../model/run.ts";
import type { JobVerdict } from "../../model/view.ts";
import type { Tone } from "./style.ts";

const MARKS: Record<RunState, string> = {
  done: "✓",
  failed: "✗",
  running: "▶",
  pending: "○",
  queued: "○",
  cancelled: "⊘",
  skipped: "·",
  unknown: "?",
};

/** `✓✓✗▶`: one character a run; a state this version does not know is `?`. */
export function runMarks(runs: readonly { state: string }[]): string {
  return runs.map(({ state }) => (state in MARKS ? MARKS[state as RunState] : "?")).join("");
}

/** Tone of a verdict. */
export const VERDICT_TONE: Record<JobVerdict["state"], Tone | undefined> = {
  ok: "good",
  running: "change",
  late: "warn",
  failed: "bad",
  stuck: "odd",
  unknown: "faint",
  not_deployed: "faint",
};

/** Tone of a run's state. */
export function runTone(state: string): Tone | undefined {
  if (state === "done") return "good";
  if (state === "failed") return "bad";
  if (state === "running") return "change";
  return state === "cancelled" ? "warn" : "faint";
}
