/** What GET /events sends: one type an event name, the data of each as JSON. */
import type { ApplyItem, StatusView } from "../model/view.ts";
import type { PlanView } from "./plan-view.ts";

/** First event of every stream. */
export interface HelloEvent {
  version: string;
  /** UTC text. */
  at: string;
}

/** The fleet was read and differs from the time before: fetch what is shown again. */
export interface FleetEvent {
  asOf: string;
  counts: { all: number; needYou: number; differ: number };
  /** Resources whose row changed, at most 100. */
  changed: string[];
  /** True where more than 100 changed. */
  more: boolean;
}

/** A plan was made. */
export interface PlanEvent {
  id: string;
  actor: string;
  madeAt: string;
  summary: PlanView["summary"];
}

/** An apply started, moved on by one job, or ended. */
export interface ApplyEvent {
  id: string;
  planId: string;
  state: "running" | "done" | "failed" | "interrupted";
  actor: string;
  /** The job that moved; null at the start and at the end of the apply. */
  item: ApplyItem | null;
  /** Jobs by state so far. */
  progress: { total: number; waiting: number; running: number; done: number; failed: number; skipped: number };
}

/** Something happened to a run: a task started or ended, a run was made, a watermark moved. */
export interface RunEvent {
  /** Place in the log of commands. */
  seq: number;
  /** `GENERATE`, `START`, `END`, `FAIL`, `LOST`, `RESET`, … */
  type: string;
  /** The server's time, UTC text. */
  at: string;
  actor: string;
  projectCode: string;
  processLoad: string;
  /** Null for what concerns the process as a whole. */
  processingDate: string | null;
  executionId: string | null;
  /** Null for what concerns the run as a whole. */
  workflowId: number | null;
  taskId: number | null;
  attempt: number | null;
  /** The step as it is now, where it is about one. */
  status: string | null;
  phase: string | null;
}

/** Events before this one were lost (the server restarted, or you were away too long): fetch everything again. */
export interface ResetEvent {
  reason: "restarted" | "too_old";
}

/** Last event of a stream that the server ends. */
export interface ByeEvent {
  reason: "stopping" | "signed_out";
}

/** Every event by its name on the stream (`event:` line). `status` is sent when the workspace goes or comes back. */
export interface LiveEvents {
  hello: HelloEvent;
  fleet: FleetEvent;
  plan: PlanEvent;
  apply: ApplyEvent;
  run: RunEvent;
  status: StatusView;
  reset: ResetEvent;
  bye: ByeEvent;
}
