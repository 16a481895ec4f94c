/** `headgate lineage ingest`: brings what the sources hold into the store, once or for as long as it runs. */
import { HeadgateError } from "../../errors.ts";
import type { IngestReport } from "../../model/ingest-report.ts";
import { systemClock } from "../../util/clock.ts";
import { parseDuration } from "../../util/duration.ts";
import { answer, type CliContext } from "../context.ts";
import { ingestJson, ingestProgressText, ingestText } from "../print/ingest.ts";
import { createProgress } from "../progress.ts";
import { type Project, withProject } from "../project.ts";
import { exitCodeAfterServing } from "../serving.ts";

export interface IngestFlags {
  source?: readonly string[];
  since?: string;
  until?: string;
  follow: boolean;
  interval: string;
}

/** Shorter pauses would only list the same again. */
const LEAST_INTERVAL_MS = 1_000;
/** Without a terminal a line now and then. Milliseconds. */
const LINE_EVERY_MS = 10_000;

export default function ingest(context: CliContext, flags: IngestFlags): Promise<number> {
  const intervalMs = parseDuration(flags.interval);
  if (intervalMs === undefined || intervalMs < LEAST_INTERVAL_MS) {
    throw new HeadgateError("usage", `"${flags.interval}" is no interval`, { hint: "write it like 15s, 5m, 1h" });
  }
  return withProject(context, async (project) => {
    for (;;) {
      try {
        context.signal.throwIfAborted();
        const report = await pass(context, project, flags);
        answer(context, { text: () => ingestText(project.style, report), json: () => ingestJson(report) });
        if (!flags.follow) return exitCode(report);
        await systemClock.sleep(intervalMs, context.signal);
      } catch (error) {
        if (context.signal.aborted && flags.follow) return exitCodeAfterServing(context.signal);
        throw error;
      }
    }
  });
}

/** 75 where all that failed may succeed when repeated, 1 where something cannot. */
function exitCode({ sources }: IngestReport): number {
  const failures = sources.flatMap(({ failed }) => failed ?? []);
  if (failures.length === 0) return 0;
  return failures.every(({ retryable }) => retryable) ? 75 : 1;
}

async function pass(context: CliContext, project: Project, flags: IngestFlags): Promise<IngestReport> {
  const progress = createProgress(context);
  let told = context.now();
  try {
    return await project.lineage.ingest({
      sources: flags.source,
      since: flags.since,
      until: flags.until,
      signal: context.signal,
      onProgress: (at) => {
        const text = ingestProgressText(at);
        progress.live(text);
        if (context.stderr.isTTY || context.now() - told < LINE_EVERY_MS) return;
        told = context.now();
        progress.line(text);
      },
    });
  } finally {
    progress.end();
  }
}
