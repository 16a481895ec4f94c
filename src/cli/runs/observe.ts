/** `headgate runs observe`: reads what ran since the last pass into the store, once or for as long as it runs. */
import { HeadgateError } from "../../errors.ts";
import type { ObserveReport } from "../../model/observe-report.ts";
import { systemClock, utc } from "../../util/clock.ts";
import { parseDuration } from "../../util/duration.ts";
import { answer, type CliContext } from "../context.ts";
import { observeText } from "../print/observe.ts";
import { createProgress } from "../progress.ts";
import { type Project, withProject } from "../project.ts";
import { exitCodeAfterServing } from "../serving.ts";

export interface ObserveFlags {
  follow: boolean;
  interval: string;
  since?: string;
}

/** Shorter pauses would only ask for the same again. */
const LEAST_INTERVAL_MS = 1_000;

export default function observe(context: CliContext, flags: ObserveFlags): Promise<number> {
  const intervalMs = parseDuration(flags.interval);
  if (intervalMs === undefined || intervalMs < LEAST_INTERVAL_MS) {
    throw new HeadgateError("usage", `"${flags.interval}" is no interval`, { hint: "write it like 60s, 5m, 1h" });
  }
  return withProject(context, async (project) => {
    let since = flags.since;
    for (;;) {
      try {
        await pass(context, project, since);
        since = undefined;
        if (!flags.follow) return 0;
        await systemClock.sleep(intervalMs, context.signal);
      } catch (error) {
        if (context.signal.aborted && flags.follow) return exitCodeAfterServing(context.signal);
        if (!flags.follow || !isPassing(error)) throw error;
        context.log.warn(error.message);
        await pause(intervalMs, context.signal);
      }
    }
  });
}

/** What the next pass may find mended: whoever follows waits for it. */
function isPassing(error: unknown): error is HeadgateError {
  if (!(error instanceof HeadgateError)) return false;
  return error.code === "unavailable" || error.code === "lock_held" || error.code === "lock_lost";
}

/** Waits; an interruption is seen by the next pass. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await systemClock.sleep(milliseconds, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function pass(context: CliContext, project: Project, since: string | undefined): Promise<void> {
  const progress = createProgress(context);
  let told = 0;
  const onBatch = ({ runs, cursor }: ObserveReport) => {
    progress.live(`${runs} runs read`);
    // A line now and then where there is no terminal.
    if (context.stderr.isTTY || runs - told < 1_000) return;
    told = runs;
    progress.line(`${runs} runs read, ${cursor.movedAt ?? ""}`);
  };
  let reports: ObserveReport[];
  try {
    context.signal.throwIfAborted();
    reports = await project.observe({ since, signal: context.signal, onBatch });
  } finally {
    progress.end();
  }
  const now = utc(context.now());
  answer(context, {
    text: () => observeText(project.style, reports, now),
    json: () => `${JSON.stringify({ count: reports.length, items: reports })}\n`,
  });
}
