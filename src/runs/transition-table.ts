/**
 * The state machine of a step as a table: what each command does in each state. `transition.test.ts` holds the code to
 * it, and `docs/explain/runs-state-machine.md` shows it.
 */
import type { RefusalCode } from "./transition/answers.ts";

/** States of a task's newest attempt. `none`: declared, but never generated in this run. */
export const STATES = ["none", "queued", "running", "done", "failed", "lost", "cancelled", "skipped"] as const;
export type State = (typeof STATES)[number];

/** What is asked, with the circumstances that matter. */
export const ASKED = {
  "start, same platform run": "START by the run id that holds the attempt, or held it",
  "start, another run": "START by another run id",
  progress: "PROGRESS",
  end: "END",
  "end, a day late": "END more than 24 h after the step was called lost, or ended",
  "end, a day late, spooled": "the same, kept at the caller meanwhile (`spooled`)",
  fail: "FAIL",
  lost: "LOST",
  skip: "SKIP",
  unskip: "UNSKIP",
  reset: "RESET of this task",
  "reset, replay": "RESET with `replay`",
  cancel: "CANCEL of the run",
  "amend to done": "AMEND, status DONE",
  "amend to failed": "AMEND, status FAIL",
} as const;
export type Asked = keyof typeof ASKED;

/** `→ state`: accepted; `+ state`: accepted, as a new attempt; `·`: nothing left to do; a code: refused. */
export type Cell = `→ ${State}` | `+ ${State}` | "·" | RefusalCode;

type Row = readonly [Cell, Cell, Cell, Cell, Cell, Cell, Cell, Cell];

/** One row a command, one column a state, in the order of {@link STATES}. */
export const TABLE: Readonly<Record<Asked, Row>> = {
  "start, same platform run": ["→ running", "→ running", "·", "·", "·", "·", "·", "skipped"],
  "start, another run": [
    "→ running",
    "→ running",
    "already_running",
    "already_done",
    "already_failed",
    "already_failed",
    "already_failed",
    "skipped",
  ],
  progress: [
    "unknown_task",
    "not_running",
    "→ running",
    "already_done",
    "already_failed",
    "already_failed",
    "already_failed",
    "skipped",
  ],
  end: ["→ done", "→ done", "→ done", "·", "already_failed", "→ done", "already_failed", "skipped"],
  "end, a day late": [
    "→ done",
    "→ done",
    "→ done",
    "·",
    "already_failed",
    "already_failed",
    "already_failed",
    "skipped",
  ],
  "end, a day late, spooled": [
    "→ done",
    "→ done",
    "→ done",
    "·",
    "already_failed",
    "→ done",
    "already_failed",
    "skipped",
  ],
  fail: ["→ failed", "→ failed", "→ failed", "already_done", "·", "→ failed", "·", "skipped"],
  lost: ["unknown_task", "·", "→ lost", "·", "·", "·", "·", "·"],
  skip: [
    "→ skipped",
    "→ skipped",
    "already_running",
    "already_done",
    "already_failed",
    "already_failed",
    "already_failed",
    "·",
  ],
  unskip: ["unknown_task", "·", "·", "·", "·", "·", "·", "→ queued"],
  reset: ["unknown_task", "·", "already_running", "already_done", "+ queued", "+ queued", "+ queued", "→ queued"],
  "reset, replay": ["unknown_task", "·", "already_running", "+ queued", "+ queued", "+ queued", "+ queued", "→ queued"],
  cancel: ["unknown_task", "→ cancelled", "→ cancelled", "·", "·", "·", "·", "·"],
  "amend to done": ["unknown_task", "not_ended", "not_ended", "·", "→ done", "→ done", "→ done", "not_ended"],
  "amend to failed": ["unknown_task", "not_ended", "not_ended", "→ failed", "·", "·", "·", "not_ended"],
};
