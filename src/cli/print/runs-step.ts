/** What a call about a run or one of its tasks did, in a line or two. */
import type {
  CancelAnswer,
  GenerateAnswer,
  HeartbeatAnswer,
  ResetAnswer,
  StartAnswer,
  StepAnswer,
  WatermarkMove,
} from "../../model/run-answer.ts";
import { formatDuration } from "../../util/duration.ts";
import { formatTaskPath } from "../../util/task-path.ts";
import { ago } from "./runs-time.ts";
import { safe } from "./safe.ts";
import { paint, type Style, type Tone } from "./style.ts";
import { count } from "./value.ts";

const LEFT_OUT: Record<GenerateAnswer["leftOut"][number]["why"], string> = {
  not_due: "is not due",
  done_before: "was done before",
  only_when_asked: "runs only when asked for (--force)",
};

/** The later of two moments: a call ends after it began. */
const later = (now: string, at: string | null): string => (at !== null && at > now ? at : now);

/** The run a line is about. */
export function runText({ processingDate, executionId }: { processingDate: string; executionId: string }): string {
  return safe(`${processingDate}, execution ${executionId}`);
}

function stateOf({ status, phase, logCode }: StepAnswer): [string, Tone] {
  if (phase === "SKIPPED") return ["skipped", "faint"];
  if (phase === "RUNNING") return ["running", "change"];
  if (status === "DONE") return ["done", "good"];
  if (status === "FAIL") return [logCode === null ? "failed" : `failed (${logCode})`, "bad"];
  return [status === "RQUE" ? "queued again" : "queued", "strong"];
}

/** `LoadEmployees  2026-11-19… → 2026-11-20…`, one line a watermark that moved. */
export function moveLines(moves: readonly WatermarkMove[]): string[] {
  return moves.map(
    ({ name, before, after }) => `    watermark ${safe(name)}  ${before ?? "none"} → ${after ?? "none"}`,
  );
}

function headline(style: Style, step: StepAnswer): string {
  const [state, tone] = stateOf(step);
  const again = step.replayed ? paint(style, "faint", " (nothing was left to do)") : "";
  const place = paint(style, "faint", `attempt ${step.attempt} of ${runText(step)}`);
  return `${paint(style, "strong", safe(formatTaskPath(step)))} ${paint(style, tone, safe(state))}${again}  ${place}`;
}

/** A step after a call. */
export function stepText(style: Style, step: StepAnswer, now: string): string {
  const lines = [headline(style, step)];
  if (step.endTime !== null && step.startTime !== null) {
    const took = formatDuration(Date.parse(step.endTime) - Date.parse(step.startTime));
    lines.push(
      step.startInferred
        ? "    it ended without a start: the start is a guess, and no watermark follows from it"
        : `    took ${took}, ended ${ago(step.endTime, later(now, step.endTime))}`,
    );
  }
  if (step.recoveredFromLost) lines.push("    it was taken for lost, and was not");
  return [...lines, ...moveLines(step.watermarks)].join("\n");
}

/** A step that started, and what its task works with. */
export function startedText(style: Style, step: StartAnswer, now: string): string {
  const lines = [headline(style, step)];
  if (step.watermark !== null) {
    const { name, activeValue, isBulk } = step.watermark;
    lines.push(`    reads from ${safe(name)} = ${safe(activeValue)}${isBulk ? " (everything)" : ""}`);
  }
  if (step.fullFileName !== null) lines.push(`    file ${safe(step.fullFileName)}`);
  if (step.leaseExpiresAt !== null) {
    lines.push(`    lost when nothing is heard ${ago(step.leaseExpiresAt, later(now, step.startTime))}`);
  }
  return lines.join("\n");
}

/** A heartbeat. */
export function beatText(style: Style, beat: HeartbeatAnswer, now: string): string {
  const path = paint(style, "strong", safe(formatTaskPath(beat)));
  if (!beat.alive) return `${path} ${paint(style, "bad", "does not run any more")}: stop the work`;
  const until = beat.leaseExpiresAt === null ? "" : `; the next is due ${ago(beat.leaseExpiresAt, now)}`;
  return `${path} ${paint(style, "change", "runs")}${until}`;
}

/** A run that was made. */
export function generatedText(style: Style, run: GenerateAnswer): string {
  const what = run.replayed ? "had its steps already" : `has ${count(run.generated, "new step")}`;
  const name = safe(`${encodeURIComponent(run.projectCode)}/${encodeURIComponent(run.processLoad)}`);
  return [
    `${paint(style, "strong", name)} run ${run.runNumber} of ${safe(run.processingDate)} ${what}, ${count(run.total, "task")}`,
    `    execution ${safe(run.executionId)}`,
    ...run.leftOut.map(({ workflowId, taskId, taskName, why, doneOn, doneBy }) => {
      const where = doneOn === null ? "" : `: ${doneOn}${doneBy === null ? "" : ` by ${doneBy}`}`;
      return paint(
        style,
        "faint",
        safe(`    without ${workflowId}/${taskId} ${taskName ?? ""}: ${LEFT_OUT[why]}${where}`),
      );
    }),
  ].join("\n");
}

/** A run that was cancelled. */
export function cancelledText(style: Style, run: CancelAnswer): string {
  const name = safe(`${encodeURIComponent(run.projectCode)}/${encodeURIComponent(run.processLoad)}`);
  const what = run.replayed ? "was cancelled before" : `${count(run.cancelled, "task")} cancelled`;
  return `${paint(style, "strong", name)} ${runText(run)}: ${what}`;
}

/** Tasks that got a new attempt. */
export function resetText(style: Style, { items, watermarks }: ResetAnswer): string {
  if (items.length === 0) return "nothing to reset: no task has failed (--replay repeats those that are done)";
  return [
    ...items.map((item) => {
      const path = paint(style, "strong", safe(formatTaskPath(item)));
      return `${path} queued again  ${paint(style, "faint", `attempt ${item.attempt}, was ${item.was}, ${runText(item)}`)}`;
    }),
    ...moveLines(watermarks),
    paint(style, "strong", `${count(items.length, "task")} to run again`),
  ].join("\n");
}
