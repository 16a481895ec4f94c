/** `headgate jobs watch`: applies what is declared for as long as it runs, and tells what others changed. */
import { HeadgateError } from "../../errors.ts";
import type { WatchEvent } from "../../jobs/room.ts";
import { utc } from "../../util/clock.ts";
import { formatDuration, parseDuration } from "../../util/duration.ts";
import type { CliContext } from "../context.ts";
import { count } from "../print/value.ts";
import { watchEndText, watchJson, watchLine } from "../print/watch.ts";
import { type Project, withProject } from "../project.ts";
import { wholeNumber } from "../values.ts";
import { type MonitorFlags, monitorProject, withParameters } from "./watch-given.ts";
import { writeBack } from "./write-back.ts";

export interface WatchFlags extends MonitorFlags {
  interval?: string;
  warehouse?: string;
  writeBack?: string;
  heal: boolean;
  select?: string[];
  run: "all" | "created" | "none";
  firstDeploy: boolean;
  yes: boolean;
}

/** Shorter pauses would only read the same again. */
const LEAST_INTERVAL_MS = 1_000;

const INTERVAL = "60s";

/** The pause of `--interval`, or that of the original's flag, which is in seconds. @throws usage */
function intervalOf({ interval, checkIntervalSeconds: seconds }: MonitorFlags & { interval?: string }): number {
  if (interval !== undefined && seconds !== undefined) {
    throw new HeadgateError("usage", "give --interval or --check-interval-seconds, not both");
  }
  const text = interval ?? (seconds === undefined ? INTERVAL : /^\d+$/.test(seconds) ? `${seconds}s` : seconds);
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined || milliseconds < LEAST_INTERVAL_MS) {
    throw new HeadgateError("usage", `"${text}" is no interval`, { hint: "write it like 30s, 5m, 1h" });
  }
  return milliseconds;
}

export default async function watch(context: CliContext, flags: WatchFlags, ...words: string[]): Promise<number> {
  const { controlTable, volumePath, checkIntervalSeconds, maxIterations } = flags;
  const told = withParameters({ controlTable, volumePath, checkIntervalSeconds, maxIterations }, words);
  const intervalMs = intervalOf({ interval: flags.interval, ...told });
  const iterations = told.maxIterations === undefined ? undefined : wholeNumber(1)(told.maxIterations);
  const given = await monitorProject(context, told, flags.warehouse);
  const use = async (project: Project) => {
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
    const patch = flags.writeBack === undefined ? undefined : writeBack(context, project, flags.writeBack, flags.heal);
    const load =
      told.controlTable === undefined || told.volumePath === undefined
        ? undefined
        : project.loadWhenChanged(told.volumePath);
    const report = await jobs.watch({
      prepare: async () => {
        const loaded = await load?.();
        if (loaded !== undefined)
          context.log.info(
            `loaded ${count(loaded.tasks, "task")} of ${count(loaded.jobs, "job")} into ${loaded.table}`,
          );
      },
      intervalMs,
      maxIterations: iterations,
      heal: flags.heal,
      select: flags.select,
      run: flags.run,
      // Without a project there is nobody who could say so, as with the original.
      firstDeploy: flags.firstDeploy || given !== undefined,
      onEvent: tell,
      onPlan: patch,
      signal: context.signal,
    });
    context.log.info(watchEndText(report));
    return report.exitCode;
  };
  return withProject(context, use, { given });
}
