/** Why a run is red or waits, read from the store. */
import type { Cause } from "../across/cause.ts";
import type { RunKey } from "../model/step.ts";
import type { RunsRoom } from "../runs/room.ts";

/**
 * The causes of one run: first what stands still by itself, then what waits for it.
 * @param now milliseconds since 1970 UTC
 * @param timezone of the times in the sentences
 */
export async function causesOfRun(
  runs: Pick<RunsRoom, "steps">,
  run: RunKey,
  now: number,
  timezone: string,
): Promise<Cause[]> {
  const { causesOf } = await import("../across/cause.ts");
  const { projectCode, processLoad, processingDate, executionId } = run;
  const steps = await runs.steps({ projectCode, processLoad, processingDate, executionId, limit: 100_000 });
  return causesOf({ steps, now, timezone });
}
