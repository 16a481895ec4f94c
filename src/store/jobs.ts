/**
 * Door of what is remembered about jobs: plans, applies with their journal, former definitions, drift, the last fleet.
 *
 * @example
 * await store.jobs.savePlan({ id, actor, plan })
 * const saved = await store.jobs.findPlan(id)
 */
import type { Deployment } from "../model/identity.ts";
import type { FieldChange, Plan } from "../model/plan.ts";
import type { HistoryEntry } from "../model/state.ts";
import type { ApplyItem, ApplyView, FleetView } from "../model/view.ts";

/** A plan as it is kept. */
export interface SavedPlan {
  id: string;
  /** Who asked for it. */
  actor: string;
  plan: Plan;
}

/** A plan in a list, without its changes. */
export interface PlanRow extends Pick<Plan, "project" | "target" | "workspaceId" | "madeAt" | "summary"> {
  id: string;
  actor: string;
}

/** An apply as it is kept: what the page shows, and why it ended early if it did. */
export type SavedApply = ApplyView & { error: { code: string; message: string; hint: string | null } | null };

/** One line of an apply's journal. */
export interface ApplyJournalRow extends ApplyItem {
  /** 1, 2, 3, … in the order of writing. */
  number: number;
  /** UTC text. */
  at: string;
}

/** What a look at the workspace found changed behind our back. */
export interface DriftFinding {
  resource: string;
  jobId: string | null;
  /** Empty where the job as a whole is gone. */
  fields: FieldChange[];
  /** One sentence. */
  reason: string;
}

/** A drift over time: from when it was first seen until it was gone. UTC texts. */
export interface DriftRow extends DriftFinding {
  id: string;
  firstSeenAt: string;
  lastSeenAt: string;
  resolvedAt: string | null;
}

/** How a list is cut: newest first, at most `limit` (100), older than `before` (UTC text of the last row seen). */
export interface Page {
  limit?: number | undefined;
  before?: string | undefined;
}

/** What the store keeps of the jobs room. Times are UTC texts with milliseconds. */
export interface JobStore {
  /** Keeps a plan; saving an id again changes nothing. */
  savePlan(saved: SavedPlan): Promise<void>;
  findPlan(id: string): Promise<SavedPlan | undefined>;
  listPlans(deployment: Deployment, page?: Page): Promise<PlanRow[]>;

  /** Notes the begin of an apply; its items stand in the journal from then on. The plan must be kept already. */
  startApply(apply: SavedApply): Promise<void>;
  /** Adds one line to the journal: where a job of the apply has got to. Throws `not_found` for an unknown apply. */
  recordApplyItem(applyId: string, item: ApplyItem): Promise<void>;
  /** Notes the end. */
  finishApply(applyId: string, end: Pick<SavedApply, "state" | "endedAt" | "error">): Promise<void>;
  /** The three above in one: adds an apply, or notes what moved since it was last saved. */
  saveApply(apply: SavedApply): Promise<void>;
  /** An apply with the last known state of each of its jobs, in the order they were first named. */
  findApply(id: string): Promise<SavedApply | undefined>;
  /** Every line of an apply's journal, oldest first. */
  applyJournal(id: string): Promise<ApplyJournalRow[]>;
  listApplies(deployment: Deployment, page?: Page): Promise<Omit<SavedApply, "items">[]>;

  /** Keeps former definitions; an entry known by (resource, serial) is left as it is. */
  addHistory(deployment: Deployment, entries: readonly HistoryEntry[]): Promise<void>;
  /** Former definitions of one resource, newest first. */
  listHistory(deployment: Deployment, resource: string, limit?: number): Promise<HistoryEntry[]>;

  /**
   * Notes a whole look at the workspace: a finding that stands as before is prolonged, a new one opened, and whatever
   * is not among `findings` any more is marked resolved.
   */
  recordDrift(deployment: Deployment, at: string, findings: readonly DriftFinding[]): Promise<void>;
  /** Drift, newest first; only what still stands where `open` is set. */
  listDrift(
    deployment: Deployment,
    filter?: { open?: boolean | undefined; resource?: string | undefined; limit?: number | undefined },
  ): Promise<DriftRow[]>;

  /** Keeps the fleet as last seen, so that a page has something to show at once. */
  saveFleet(deployment: Deployment, fleet: FleetView): Promise<void>;
  lastFleet(deployment: Deployment): Promise<FleetView | undefined>;
}
