/**
 * Reads jobs that were just made, to know what the service made of them: many from the pages of one list, few one by
 * one. A read for each creation would take half of what the rate limit allows.
 */
import { HeadgateError } from "../errors.ts";
import type { RemoteJob } from "../model/job.ts";
import type { Change } from "../model/plan.ts";
import { type ChangeOutcome, notKeptOf, recordMade, type ToSend } from "./apply-change.ts";
import type { ApplySession } from "./apply-session.ts";
import { inOrder } from "./in-order.ts";

/** A job that was made and not yet read. */
export interface MadeJob {
  change: Change;
  jobId: string;
  send: ToSend;
  outcome: ChangeOutcome;
}

/** See {@link openMadeReader}. */
export interface MadeReader {
  /** Takes a job; it is read some time later. */
  add(made: MadeJob): void;
  /** Resolves when all that were taken are read. */
  finish(): Promise<void>;
}

/** Jobs of one reading: about what a page of the list shows (Jobs API reference: at most 100). */
const BATCH = 100;
/** So few are read one by one. */
const FEW = 3;
/** A list is read as long as it shows so many jobs for each that is looked for: two reads one by one for each page. */
const LISTED_FOR_EACH = 50;
const AT_ONCE = 8;

/** @param onRead told of each job once it is read, its outcome with what was not kept, or why it cannot be read */
export function openMadeReader(
  session: ApplySession,
  onRead: (made: MadeJob, error?: HeadgateError) => void,
): MadeReader {
  const { workspace } = session.deps;
  let waiting: MadeJob[] = [];
  /** False once a list was too long for what it saved. */
  let listing = true;
  let fault: { thrown: unknown } | undefined;
  let reading: Promise<void> = Promise.resolve();

  /** Jobs of the batch that the list shows as they were sent. Any doubt is left to a read of that job. */
  async function listed(batch: readonly MadeJob[]): Promise<Map<string, RemoteJob>> {
    const found = new Map<string, RemoteJob>();
    if (!listing || batch.length <= FEW) return found;
    const wanted = new Map(batch.map((made) => [made.jobId, made]));
    let left = batch.length * LISTED_FOR_EACH;
    // Also where the user wants to stop: what was done must be known.
    for await (const job of workspace.listJobs({})) {
      const made = wanted.get(job.jobId);
      if (made !== undefined) {
        wanted.delete(job.jobId);
        if (notKeptOf(made.send, job.settings).length === 0) found.set(job.jobId, job);
      }
      left -= 1;
      if (wanted.size === 0 || left === 0) break;
    }
    listing = left > 0;
    return found;
  }

  async function readOne(made: MadeJob, job: RemoteJob | undefined): Promise<void> {
    try {
      const { jobId, change, send, outcome } = made;
      const answer = job ? ({ kind: "found", job } as const) : await workspace.getJob(jobId);
      const settings = answer.kind === "found" ? answer.job.settings : send.settings;
      recordMade(change, jobId, send, settings, session, outcome);
    } catch (error) {
      if (!(error instanceof HeadgateError)) throw error;
      onRead(made, error);
      return;
    }
    onRead(made);
  }

  async function readBatch(batch: readonly MadeJob[]): Promise<void> {
    let found: Map<string, RemoteJob>;
    try {
      found = await listed(batch);
    } catch (error) {
      if (!(error instanceof HeadgateError)) throw error;
      for (const made of batch) onRead(made, error);
      return;
    }
    const byChange = new Map(batch.map((made) => [made.change, made]));
    await inOrder([...byChange.keys()], {
      atOnce: AT_ONCE,
      idOf: session.idOf,
      carryOut: async (change) => {
        const made = byChange.get(change);
        if (made) await readOne(made, found.get(made.jobId));
      },
    });
  }

  function begin(): void {
    const batch = waiting;
    waiting = [];
    reading = reading
      .then(() => readBatch(batch))
      .catch((thrown: unknown) => {
        fault ??= { thrown };
      });
  }

  return {
    add(made) {
      waiting.push(made);
      if (waiting.length >= BATCH) begin();
    },
    async finish() {
      if (waiting.length > 0) begin();
      await reading;
      if (fault) throw fault.thrown;
    },
  };
}
