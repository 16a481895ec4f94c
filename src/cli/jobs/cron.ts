/** `headgate jobs cron`: explains a Quartz schedule in words, with its next starts. */
import { HeadgateError } from "../../errors.ts";
import { nearest } from "../../util/nearest.ts";
import { nextStarts, QuartzError } from "../../util/quartz.ts";
import { describeQuartz } from "../../util/quartz-words.ts";
import { knownZones, zoneOf } from "../../util/zone.ts";
import { answer, type CliContext } from "../context.ts";
import { cronJson, cronText } from "../print/cron.ts";

export interface CronFlags {
  timezone?: string;
  after?: string;
  count: number;
}

export default async function cron(context: CliContext, flags: CronFlags, ...words: string[]): Promise<number> {
  const expression = words.join(" ");
  const timezone = flags.timezone ?? "UTC";
  if (zoneOf(timezone) === undefined) {
    const near = nearest(timezone, knownZones());
    throw new HeadgateError("input_invalid", `unknown time zone "${timezone}"`, {
      hint: near === undefined ? "write an IANA name like Europe/London" : `did you mean ${near}?`,
    });
  }
  const after = flags.after ?? new Date(context.now()).toISOString();
  try {
    const starts = nextStarts(expression, { timezone, after, count: flags.count });
    const report = { expression, timezone, words: describeQuartz(expression), after, starts };
    answer(context, { text: () => cronText(context.style, report), json: () => cronJson(report) });
    return 0;
  } catch (error) {
    if (!(error instanceof QuartzError)) throw error;
    throw new HeadgateError("input_invalid", `character ${error.position + 1} of "${expression}": ${error.message}`, {
      hint: "the fields are: second minute hour day month weekday [year]",
      data: { expression, position: error.position },
      cause: error,
      permanent: true,
    });
  }
}
