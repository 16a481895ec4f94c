/** `headgate jobs watch`: applies what is declared for as long as it runs, and tells what others changed. */
import { HeadgateError } from "../../errors.ts";
import type { WatchEvent } from "../../jobs/room.ts";
import { utc } from "../../util/clock.ts";
import { formatDuration, parseDuration } from "../../util/duration.ts";
import type { CliContext } from "../context.ts";
import { watchEndText, watchJson, watchLine } from "../print/watch.ts";
import { withProject } from "../project.ts";

export interface WatchFlags {
  interval: string;
  maxIterations?: number;
  heal: boolean;
  select?: string[];
  run: "all" | "created" | "none";
  firstDeploy: boolean;
  yes: boolean;
}

/** Shorter pauses would only read the same again. */
const LEAST_INTERVAL_MS = 1_000;

export default function watch(context: CliContext, flags: WatchFlags): Promise<number> {
  const intervalMs = parseDuration(flags.interval);
  if (intervalMs === undefined || intervalMs < LEAST_INTERVAL_MS) {
    throw new HeadgateError("usage", `"${flags.interval}" is no interval`, { hint: "write it like 30s, 5m, 1h" });
  }
  return withProject(context, async (project) => {
    const { config, jobs, style } = project;
    if (config.target.confirm === true && !flags.yes) {
      throw new HeadgateError(
        "confirm_needed",
        `target ${config.target.name} asks for a confirmation before a change`,
        {
          hint: "a watch asks nobody: repeat with --yes if it may change jobs by itself",
          permanent: true,
        },
      );
    }
    const every = formatDuration(intervalMs);
    context.log.info(
      `watching ${config.project}/${config.target.name} every ${every}${flags.heal ? ", healing" : ""}; Ctrl-C ends it`,
    );
    const tell = (event: WatchEvent) => {
      const at = utc(context.now());
      const line = context.format === "json" ? watchJson(event, at) : watchLine(style, event, at);
      context.stdout.write(`${line}\n`);
    };
    const report = await jobs.watch({
      intervalMs,
      maxIterations: flags.maxIterations,
      heal: flags.heal,
      select: flags.select,
      run: flags.run,
      firstDeploy: flags.firstDeploy,
      onEvent: tell,
      signal: context.signal,
    });
    context.log.info(watchEndText(report));
    return report.exitCode;
  });
}
