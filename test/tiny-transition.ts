/** A small transition function, to test and measure a store with: guarded like the real one, without its details. */
import type { Command, Step } from "../src/model/step.ts";
import type { Decide, Decision } from "../src/store/runs.ts";

const refuse = (code: string): Decision => ({ verdict: "refused", code, answer: { code } });

/** A queued step of a command's run. */
export function queuedStep(
  command: Command,
  task: Partial<Step> & { workflowId: number; taskId: number },
  now: string,
): Step {
  return {
    projectCode: command.projectCode,
    processLoad: command.processLoad,
    processingDate: command.processingDate ?? "",
    executionId: command.executionId ?? "",
    sequenceId: 1,
    sortOrder: task.sequenceId ?? 1,
    sequenceCode: null,
    taskName: `Task ${task.workflowId}/${task.taskId}`,
    taskMandatory: true,
    sourceSystemCode: null,
    expectedSeconds: null,
    sourceType: "DBX_NOTEBOOK",
    sourceIdentifier: null,
    loadFrequency: "D",
    taskOwner: null,
    catalogueVersion: 1,
    fullFileName: null,
    inFilePath: null,
    outFilePath: null,
    attempt: 0,
    status: "NQUE",
    phase: "QUEUED",
    forceSkip: false,
    queuedAt: now,
    startTime: null,
    endTime: null,
    durationMs: null,
    logMessage: null,
    logType: null,
    logCode: null,
    sourceRunId: null,
    sourceUrl: null,
    clusterId: null,
    startInferred: false,
    recoveredFromLost: false,
    metrics: null,
    ...task,
  };
}

/**
 * GENERATE (payload.tasks: partial steps) · START (payload.leaseUntil) · END (payload.watermark: [name, value]) · FAIL
 * (payload.message, code) · RESET · SKIP · WATERMARK (payload.name, value) · MODE (payload) · CLOSE · THROW.
 */
export const tinyTransition: Decide = (situation, command) => {
  const { now, steps } = situation;
  const payload = command.payload as Record<string, unknown>;
  if (command.type === "THROW") throw new Error("this command makes the transition fail");
  if (situation.run?.closedAt) return refuse("run_closed");
  if (command.type === "GENERATE") {
    if (steps.length > 0) return { verdict: "replayed", answer: { generated: 0 } };
    const tasks = payload.tasks as (Partial<Step> & { workflowId: number; taskId: number })[];
    return {
      verdict: "accepted",
      answer: { generated: tasks.length, runNumber: situation.run?.runNumber ?? 0 },
      steps: tasks.map((task) => queuedStep(command, task, now)),
    };
  }
  if (command.type === "CLOSE") return { verdict: "accepted", answer: {}, closesRun: true };
  if (command.type === "WATERMARK") {
    const { name, value } = payload as { name: string; value: string | null };
    const known = situation.parameters.find((one) => one.name === name);
    if (!known) return refuse("unknown_parameter");
    return {
      verdict: "accepted",
      answer: { before: known.value },
      watermarks: [{ name, value, cause: "manual", reason: "test" }],
    };
  }
  if (command.type === "MODE") {
    return {
      verdict: "accepted",
      answer: { before: situation.mode?.mode ?? null },
      mode: {
        mode: "historic",
        historicDate: "2026-01-01",
        until: null,
        saved: null,
        ...(payload as object),
        since: now,
        actor: command.actor,
      },
    };
  }

  const step = steps.filter((one) => one.workflowId === command.workflowId && one.taskId === command.taskId).at(-1);
  if (!step) return refuse("unknown_task");
  const one = (changes: Partial<Step>): Step[] => [{ ...step, ...changes }];
  const { runNumber: _number, version: _version, lastUpdatedOn: _on, lastUpdatedBy: _by, ...rest } = step;
  const lease = { ...rest, holder: command.sourceRunId };
  const answer = { attempt: step.attempt };
  switch (command.type) {
    case "START": {
      if (step.phase !== "QUEUED") return refuse("already_running");
      const until = (payload.leaseUntil as string | undefined) ?? null;
      return {
        verdict: "accepted",
        answer,
        steps: one({ phase: "RUNNING", startTime: command.occurredAt, sourceRunId: command.sourceRunId }),
        leases: until === null ? [] : [{ ...lease, expiresAt: until }],
      };
    }
    case "END":
    case "FAIL": {
      if (step.phase !== "RUNNING")
        return step.status === "DONE" ? { verdict: "replayed", answer } : refuse("not_running");
      const done = command.type === "END";
      const mark = payload.watermark as [string, string] | undefined;
      return {
        verdict: "accepted",
        answer,
        steps: one({
          status: done ? "DONE" : "FAIL",
          phase: "ENDED",
          endTime: command.occurredAt,
          durationMs: Date.parse(command.occurredAt) - Date.parse(step.startTime ?? command.occurredAt),
          logMessage: (payload.message as string | undefined) ?? null,
          logCode: (payload.code as string | undefined) ?? null,
          logType: (payload.logType as string | undefined) ?? (done ? "INFO" : "ERROR"),
          metrics: (payload.metrics as Step["metrics"] | undefined) ?? null,
        }),
        watermarks: mark ? [{ name: mark[0], value: mark[1], cause: "auto", reason: null }] : [],
        leases: [{ ...lease, expiresAt: null }],
      };
    }
    case "SKIP":
      return { verdict: "accepted", answer, steps: one({ phase: "SKIPPED", forceSkip: true }) };
    case "RESET": {
      if (step.status !== "FAIL") return refuse("not_failed");
      return {
        verdict: "accepted",
        answer: { attempt: step.attempt + 1 },
        steps: [
          {
            ...queuedStep(command, { ...rest }, now),
            ...{ attempt: step.attempt + 1, status: "RQUE", phase: "QUEUED" },
            queuedAt: now,
            startTime: null,
            endTime: null,
            durationMs: null,
            logMessage: null,
            logType: null,
            logCode: null,
            sourceRunId: null,
            metrics: null,
          },
        ],
      };
    }
    default:
      return refuse("unknown_command");
  }
};

let count = 0;

/** A command with usual values. */
export function tinyCommand(type: string, changes: Partial<Command> = {}): Command {
  count += 1;
  return {
    eventId: `${type}-${count}-${Math.random().toString(36).slice(2)}`,
    project: "retail",
    projectCode: "CORP",
    processLoad: "HR_DAILY",
    processingDate: "2026-11-21",
    executionId: "run-1",
    workflowId: null,
    taskId: null,
    attempt: null,
    type,
    occurredAt: "2026-11-21T06:30:00.000Z",
    actor: "anna",
    sourceRunId: null,
    sourceUrl: null,
    spooled: false,
    payload: {},
    ...changes,
  };
}
