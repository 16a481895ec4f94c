/** What the leading server does for runs: reads what ran, and finds what was lost. */
import type { ObserveReport } from "../../model/observe-report.ts";
import type { Loop } from "../leader.ts";
import type { Logger } from "../server-log.ts";

/** The parts that the loops turn. */
export interface RunsLoopDeps {
  /** One pass over the run sources; absent where none is configured. */
  observe?: ((options: { signal: AbortSignal }) => Promise<ObserveReport[]>) | undefined;
  /** One sweep; it is this server's sign of life too. */
  sweep(): Promise<{ lost: readonly unknown[] }>;
  log: Logger;
  /** After every pass: its error, or undefined. */
  onPass?: ((result: { reports: ObserveReport[]; error: unknown }) => void) | undefined;
}

/** The store takes a silence of more than a minute for a gap. */
const SWEEP_MS = 15_000;

/** The loops. @param everyMs pause between two passes, milliseconds */
export function runsLoops({ observe, sweep, log, onPass }: RunsLoopDeps, everyMs: number): Loop[] {
  const sweeping: Loop = {
    name: "sweep",
    everyMs: Math.min(SWEEP_MS, everyMs),
    async turn() {
      const { lost } = await sweep();
      if (lost.length > 0) log.warn({ lost: lost.length }, "nothing is heard of running steps: they are lost");
    },
  };
  if (observe === undefined) return [sweeping];
  const collecting: Loop = {
    name: "collect",
    everyMs,
    async turn(signal) {
      let reports: ObserveReport[];
      try {
        reports = await observe({ signal });
      } catch (error) {
        if (!signal.aborted) onPass?.({ reports: [], error });
        throw error;
      }
      onPass?.({ reports, error: undefined });
      for (const { source, runs, fresh, commands, refused, contradictions } of reports) {
        if (fresh + commands > 0) log.info({ source, runs, fresh, commands, refused }, "runs were collected");
        for (const text of contradictions) log.warn({ source }, text);
      }
    },
  };
  return [collecting, sweeping];
}
