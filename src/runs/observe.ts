/** Reads what ran from a source into the store: lines of ETLsysLogs, observations of steps, then the cursor. */
import { HeadgateError } from "../errors.ts";
import type { ObserveReport, ReconcileCounts } from "../model/observe-report.ts";
import type { Run } from "../model/run.ts";
import type { StoredStep } from "../model/step.ts";
import { isOver, type RunSource } from "../sources/run-source.ts";
import type { CursorStore, Lease } from "../store/cursors.ts";
import type { RunStore, SysLogLine } from "../store/runs.ts";
import { type Clock, utc } from "../util/clock.ts";
import { type Catalogued, type MatchedProcess, matchRun, type NamedTasks, nameTasks } from "./match.ts";
import { dayOf, executionOf } from "./match-execution.ts";
import { discover } from "./observe/discovered.ts";
import { logLinesOf } from "./observe/log-lines.ts";
import { type ObservedStep, observationsOf } from "./observe/observations.ts";

export type { ObservedStep } from "./observe/observations.ts";

/** A step that nobody declared a run for is taken for ours only so long after it began: an instrumented task tells of itself first. */
const GRACE_MS = 120_000;
const LEASE_MS = 60_000;
const ACTOR = "collector";

/** What a pass is made with. */
export interface ObserveOptions {
  source: RunSource;
  runs: RunStore;
  cursors: CursorStore;
  clock: Clock;
  /** The headgate project: processes that nobody declared are its. */
  project: string;
  target: string;
  timezone: string;
  /** Who holds the source while it is read: one name for each process. */
  holder: string;
  /** Where there is no cursor: how far back to begin, milliseconds since 1970 UTC. */
  since?: number | undefined;
  /** Begin at `since` although there is a cursor. */
  again?: boolean | undefined;
  signal?: AbortSignal | undefined;
  /** Told of each batch that the store has. */
  onBatch?: ((report: ObserveReport) => void) | undefined;
  /** Turns what was observed into commands; called before the cursor moves. */
  reconcile: (observed: readonly ObservedStep[]) => Promise<ReconcileCounts>;
}

/** Name of a source's cursor. */
export function cursorName(options: Pick<ObserveOptions, "project" | "target" | "source">): string {
  return `runs/${options.project}/${options.target}/${options.source.name}`;
}

/**
 * One pass over a source, up to now. It may end anywhere: the cursor moves only after the store has a batch, and every
 * fact has an id that follows from what it says, so a batch that is read again changes nothing.
 * @throws HeadgateError `lock_held` while another process reads this source, `lock_lost` when it was taken over, and
 * what the source or the store throw
 */
export async function observeOnce(options: ObserveOptions): Promise<ObserveReport> {
  const { source, cursors, clock, holder, signal } = options;
  const name = cursorName(options);
  const held = await cursors.acquireLease(name, holder, LEASE_MS);
  if (held === undefined) throw await busy(options, name);
  let lease: Lease = held;
  const report = emptyReport(source, name);
  try {
    const known = await cursors.find(name);
    const from = options.again ? undefined : known?.value;
    const pass = await startPass(options, report);
    for await (const { runs, cursor, readAt } of source.read(from, {
      now: clock.now(),
      since: options.since,
      signal,
    })) {
      signal?.throwIfAborted();
      await pass(runs, readAt);
      lease = await renewed(options, lease);
      await cursors.move(name, cursor, lease);
      report.cursor = { name, value: cursor, movedAt: utc(clock.now()) };
      options.onBatch?.(report);
    }
    return report;
  } finally {
    await cursors.releaseLease(lease);
  }
}

function emptyReport({ name: source, kind }: RunSource, cursor: string): ObserveReport {
  return {
    source,
    kind,
    runs: 0,
    open: 0,
    steps: 0,
    fresh: 0,
    commands: 0,
    refused: 0,
    contradictions: [],
    discovered: [],
    from: null,
    to: null,
    cursor: { name: cursor, value: null, movedAt: null },
  };
}

async function busy({ cursors, source }: ObserveOptions, name: string): Promise<HeadgateError> {
  const other = await cursors.findLease(name);
  return new HeadgateError(
    "lock_held",
    `the runs of ${source.name} are being read by ${other?.holder ?? "another process"}`,
    {
      hint: "A pass takes seconds; a server that leads reads by itself. Try again.",
      permanent: false,
      data: { holder: other?.holder, expiresAt: other?.expiresAt },
    },
  );
}

/** The lease, prolonged where half of it is over. */
async function renewed({ cursors, clock }: ObserveOptions, lease: Lease): Promise<Lease> {
  if (Date.parse(lease.expiresAt) - clock.now() > LEASE_MS / 2) return lease;
  const longer = await cursors.renewLease(lease, LEASE_MS);
  if (longer !== undefined) return longer;
  throw new HeadgateError("lock_lost", "another process has taken over reading the runs", {
    hint: "It goes on from the last cursor.",
    permanent: true,
  });
}

/** Reads the catalogue once; the answer takes batches. */
async function startPass(options: ObserveOptions, report: ObserveReport) {
  const { runs: store, source, project, timezone, clock } = options;
  const named = await readCatalogue(store);
  const declared = new Set<string>();
  const seen = new Set<string>();
  const open = new Set<string>();
  const prefix = source.sourceType.toLowerCase();

  async function declare(run: Run): Promise<MatchedProcess> {
    const { process, tasks, sequences, matched } = discover(run, project, timezone);
    const how = { actor: ACTOR, project, insertOnly: true };
    const fresh = tasks.filter((task) => !declared.has(keyOf(task)));
    if (fresh.length > 0 || tasks.length === 0) {
      await store.catalogue.declareSequences(sequences, how);
      const [made] = await store.catalogue.declareProcesses([process], how);
      await store.catalogue.declareTasks(fresh, how);
      for (const task of fresh) declared.add(keyOf(task));
      if (made?.outcome === "created") report.discovered.push(made.key);
    }
    return matched;
  }

  return async (runs: readonly Run[], readAt: number): Promise<void> => {
    const stepsOf = rememberSteps(store);
    const observed: ObservedStep[] = [];
    const lines: SysLogLine[] = [];
    for (const run of runs) {
      if (!seen.has(run.runId)) {
        seen.add(run.runId);
        report.runs += 1;
      }
      noteTime(report, run);
      if (isOver(run)) open.delete(run.runId);
      else open.add(run.runId);
      report.open = open.size;
      const found = matchRun(named, run);
      for (const matched of found.length > 0 ? found : [await declare(run)]) {
        const day = dayOf(matched.process, run.startedAt ?? utc(clock.now()));
        const execution = executionOf(matched, run, prefix, matched.discovered ? [] : await stepsOf(matched, day));
        if (!matched.discovered && !execution.told && isYoung(run, readAt)) continue;
        lines.push(...logLinesOf(run, matched, execution, source.sourceType));
        observed.push(...observationsOf(run, matched, execution, source.name));
      }
    }
    await store.log(lines);
    report.fresh += await store.observe(observed);
    report.steps += observed.length;
    const done = await options.reconcile(observed);
    report.commands += done.commands;
    report.refused += done.refused;
    report.contradictions.push(...done.contradictions);
  };
}

/** Under way, and only just: whoever instrumented it may not have told of it yet. */
function isYoung(run: Run, now: number): boolean {
  return !isOver(run) && now - Date.parse(run.startedAt ?? "") < GRACE_MS;
}

function noteTime(report: ObserveReport, run: Run): void {
  if (run.startedAt === undefined) return;
  if (report.from === null || run.startedAt < report.from) report.from = run.startedAt;
  if (report.to === null || run.startedAt > report.to) report.to = run.startedAt;
}

const keyOf = (one: { projectCode: string; processLoad: string; taskId: number }) =>
  JSON.stringify([one.projectCode, one.processLoad, one.taskId]);

async function readCatalogue(store: RunStore): Promise<NamedTasks> {
  const catalogue: Catalogued[] = [];
  for (const process of await store.catalogue.processes()) {
    catalogue.push({ process, tasks: await store.catalogue.tasks(process.projectCode, process.processLoad) });
  }
  return nameTasks(catalogue);
}

/** Steps of a process and day, read once for a batch. */
function rememberSteps(store: RunStore) {
  const known = new Map<string, Promise<StoredStep[]>>();
  return ({ process: { projectCode, processLoad } }: MatchedProcess, processingDate: string) => {
    const key = JSON.stringify([projectCode, processLoad, processingDate]);
    const found = known.get(key) ?? store.steps({ projectCode, processLoad, processingDate, limit: 10_000 });
    known.set(key, found);
    return found;
  };
}
