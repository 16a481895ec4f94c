/** Collecting runs: opens the run sources of a project and reads them into its store. */
import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Config } from "../config/load.ts";
import { HeadgateError } from "../errors.ts";
import type { ObserveReport } from "../model/observe-report.ts";
import type { RunsRoom, SweepReport } from "../runs/room.ts";
import { openRunSources } from "../sources/registry.ts";
import type { CursorStore } from "../store/cursors.ts";
import type { Store } from "../store/transaction.ts";
import type { Clock } from "../util/clock.ts";
import type { JobsWorkspace } from "../workspace/workspace.ts";
import type { Watching } from "./watching.ts";

/** One pass over the run sources. */
export interface ObserveRequest {
  /** UTC text: read everything since then again, whatever the cursors say. */
  since?: string | undefined;
  signal?: AbortSignal | undefined;
  /** Told of each batch that the store has. */
  onBatch?: ((report: ObserveReport) => void) | undefined;
}

/** Reads every run source once, up to now. */
export type Observe = (request?: ObserveRequest) => Promise<ObserveReport[]>;

/** What a server does while it leads, and what it leads by. */
export interface Leading {
  /** Servers of one project and target compete for it. */
  name: string;
  /** No two processes have the same. */
  holder: string;
  leases: CursorStore;
  /** Absent where the project has no run source. */
  observe: Observe | undefined;
  /** Declares running steps to be lost of which nothing is heard. */
  sweep(): Promise<SweepReport>;
  /** Applies what is declared again and again; absent where the config does not want it. */
  watch?: Watching | undefined;
}

/** What is collected with. */
export interface CollectDeps {
  config: Config;
  runs: RunsRoom;
  store: () => Promise<Store>;
  workspace: JobsWorkspace;
  clock: Clock;
}

/** See {@link openCollector}. */
export interface Collector {
  observe: Observe;
  leading(): Promise<Leading>;
}

/** Collects the runs of a project. Nothing is opened before the first call. */
export function openCollector(deps: CollectDeps): Collector {
  const { config, runs, store } = deps;
  const holder = `${hostname()}:${process.pid}:${randomBytes(4).toString("hex")}`;
  const observe = observing(deps, holder);
  const of = `${config.project}/${config.target.name}`;
  return {
    observe,
    leading: async () => ({
      name: `leader/${of}`,
      holder,
      leases: (await store()).cursors,
      observe: config.runs.sources.length > 0 ? observe : undefined,
      // The same after a restart, so that the time between counts as our silence.
      sweep: () => runs.sweepOnce(`${hostname()}/${of}`),
    }),
  };
}

function observing({ config, runs, store, workspace, clock }: CollectDeps, holder: string): Observe {
  return async ({ since, signal, onBatch } = {}) => {
    const sources = openRunSources(config.runs.sources, {
      workspaceName: config.workspace?.name,
      workspace,
      placeOf: (index) => config.placeOf(`runs.sources[${index}]`),
    });
    if (sources.length === 0) {
      throw new HeadgateError("config_invalid", "there is no source of runs", {
        hint: "write runs: { sources: [ { kind: databricks } ] } into headgate.yaml",
        permanent: true,
      });
    }
    const [{ observeOnce }, { reconcile }] = await Promise.all([
      import("../runs/observe.ts"),
      import("../across/reconcile.ts"),
    ]);
    const { runs: runStore, cursors } = await store();
    await runs.setup({ actor: "collector" });
    const reports: ObserveReport[] = [];
    for (const source of sources) {
      const report = await observeOnce({
        source,
        runs: runStore,
        cursors,
        clock,
        holder,
        project: config.project,
        target: config.target.name,
        timezone: config.runs.timezone,
        since: since === undefined ? undefined : Date.parse(since),
        again: since !== undefined,
        signal,
        onBatch,
        reconcile: (observed) => reconcile(runs, observed),
      });
      reports.push(report);
    }
    return reports;
  };
}
