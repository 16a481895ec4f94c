/** `headgate runs heartbeat`: a task still runs. */

import { formatJson } from "../../util/int64-json.ts";
import type { TaskPath } from "../../util/task-path.ts";
import { answer, type CliContext } from "../context.ts";
import { beatText } from "../print/runs-step.ts";
import { withRuns } from "./open-runs.ts";
import { type StepFlags, stepOf } from "./reference.ts";
import type { Metrics } from "./step-flags.ts";
import { metricsOf } from "./step-flags.ts";

export interface HeartbeatFlags extends StepFlags {
  lease?: number;
  metric?: Metrics;
}

export default function heartbeat(context: CliContext, flags: HeartbeatFlags, task: TaskPath): Promise<number> {
  return withRuns(context, async ({ runs, style, now }) => {
    const step = await stepOf(context, runs, task, flags);
    const beat = await runs.heartbeat({ ...step, leaseSeconds: flags.lease, metrics: metricsOf(flags.metric) });
    answer(context, { text: () => beatText(style, beat, now), json: () => formatJson(beat, 2) });
    return beat.alive ? 0 : 1;
  });
}
