/** `headgate runs exec`: runs a command as a task. Its output, signals and code are its own, whatever the monitor does. */
import { maskSecrets } from "../../client/mask.ts";
import { beatEvery, startBeating } from "../../client/task.ts";
import { HeadgateError } from "../../errors.ts";
import type { StartAnswer } from "../../model/run-answer.ts";
import type { TaskRef } from "../../model/run-ref.ts";
import { redact } from "../../util/redact.ts";
import { formatTaskPath } from "../../util/task-path.ts";
import type { CliContext } from "../context.ts";
import { type ExecMonitor, openMonitor, runFor } from "./exec-monitor.ts";
import { type RunFlags, taskPath } from "./reference.ts";
import { type Ended, runCommand } from "./spawn-command.ts";

export interface ExecFlags extends RunFlags {
  lease?: number;
}

/** Code points of the output's end that are kept as message: so many a step shows. */
const MESSAGE = 2_000;

/** What the command may read of its run. */
function variables({ executionId, processingDate }: TaskRef, started: StartAnswer | undefined) {
  return {
    HEADGATE_EXECUTION: executionId,
    HEADGATE_DATE: started?.processingDate ?? processingDate,
    HEADGATE_ATTEMPT: started === undefined ? undefined : String(started.attempt),
    HEADGATE_WATERMARK: started?.watermark?.activeValue,
    HEADGATE_FILE: started?.fullFileName ?? undefined,
  };
}

/** The end of the output: secrets masked, then cut at a line where that leaves enough. */
function messageOf({ notRun, tail, signal }: Ended): string | undefined {
  const text = maskSecrets(redact(notRun ?? tail)).trimEnd();
  const said = text === "" && signal !== null ? `ended by ${signal}` : text;
  const points = [...said];
  if (points.length <= MESSAGE) return said === "" ? undefined : said;
  const end = points.slice(-MESSAGE).join("");
  const line = end.indexOf("\n");
  return line >= 0 && line < MESSAGE / 4 ? end.slice(line + 1) : end;
}

/** Starts the task. @returns what it works with, and whether its end is ours to tell */
async function begin(monitor: ExecMonitor, ref: TaskRef, lease: number | undefined) {
  const told = await monitor.reports.start({ ...ref, leaseSeconds: lease });
  const started = told.outcome === "accepted" ? told.answer : undefined;
  return { started, watched: told.outcome === "accepted" || told.outcome === "spooled" };
}

export default async function exec(context: CliContext, flags: ExecFlags, ...words: string[]): Promise<number> {
  const [name = "", ...command] = words;
  const task = taskPath(name);
  if (command.length === 0) {
    throw new HeadgateError("usage", "the command is missing", { hint: `write headgate runs exec ${name} -- CMD…` });
  }
  const warn = (message: string) => context.log.warn(`${formatTaskPath(task)}: ${message}`);
  const monitor = await openMonitor(context, warn);
  const ref = await runFor(context, monitor, task, flags);
  const { started, watched } = monitor === undefined ? NOBODY : await begin(monitor, ref, flags.lease);
  const mine =
    started === undefined ? ref : { ...ref, attempt: started.attempt, processingDate: started.processingDate };

  let told = false;
  const stop =
    monitor !== undefined && watched
      ? startBeating(beatEvery(started?.leaseExpiresAt, Date.now()), async () => {
          const beat = await monitor.reports.heartbeat({ ...mine, leaseSeconds: flags.lease });
          if (told || beat.outcome !== "accepted" || beat.answer.alive) return;
          told = true;
          warn("the attempt does not run any more for the monitor; the command goes on");
        })
      : () => undefined;
  const ended = await runCommand(context, command, { ...context.env, ...variables(ref, started) });
  stop();
  if (ended.notRun !== null) context.stderr.write(`headgate: ${ended.notRun}\n`);

  if (monitor !== undefined) {
    const logMessage = messageOf(ended);
    const logCode = ended.signal ?? (ended.code === 0 ? undefined : `EXIT_${ended.code}`);
    if (watched && ended.code === 0) await monitor.reports.end({ ...mine, logMessage });
    else if (watched) await monitor.reports.fail({ ...mine, logMessage, logCode });
    await monitor.close();
  }
  return ended.code;
}

const NOBODY = { started: undefined, watched: false };
