/** `headgate runs mode`: shows or sets what a process is run for: what is new, a past date, or everything. */
import { HeadgateError } from "../../errors.ts";
import type { ProcessRef } from "../../model/run-ref.ts";
import { formatJson } from "../../util/int64-json.ts";
import { answer, type CliContext } from "../context.ts";
import { modeText } from "../print/runs-watermark.ts";
import { withRuns } from "./open-runs.ts";

export interface ModeFlags {
  date?: string;
  until?: string;
  stay: boolean;
  restore: boolean;
  reason?: string;
}

export default function mode(
  context: CliContext,
  flags: ModeFlags,
  process: ProcessRef,
  wanted?: "live" | "historic" | "bulk",
): Promise<number> {
  if (wanted === undefined && (flags.date !== undefined || flags.until !== undefined || flags.stay || flags.restore)) {
    throw new HeadgateError("usage", "these flags need a mode", {
      hint: "write live, historic or bulk after the process",
    });
  }
  return withRuns(context, async ({ runs, style, now }) => {
    const found =
      wanted === undefined
        ? await runs.getMode(process)
        : await runs.setProcessingMode({
            ...process,
            mode: wanted,
            historicDate: flags.date,
            until: flags.until,
            stay: flags.stay,
            restore: flags.restore,
            reason: flags.reason,
          });
    answer(context, { text: () => modeText(style, found, now), json: () => formatJson(found, 2) });
    return 0;
  });
}
