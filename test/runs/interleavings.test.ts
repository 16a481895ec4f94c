/**
 * Seeded interleavings of three tasks in two executions, with repeats, vanished callers, killed servers and lost tasks,
 * against a small model that was written separately: every verdict and every row the same; and a replay gives them again.
 */
import { expect, it } from "vitest";
import { HeadgateError } from "../../src/errors.ts";
import type { RecordedCommand, StoredStep } from "../../src/model/step.ts";
import type { RunsRoom } from "../../src/runs/room.ts";
import { numbers, sample } from "../sample.ts";
import { seeded } from "../seeded.ts";
import { onBothStores, type Setting } from "../stores.ts";
import { SmallModel, type Told } from "./small-model.ts";
import { handClock, type World, world } from "./world.ts";

const DAY = "2026-11-20";
const LEASE = 300_000;

type Call = (runs: RunsRoom, key?: string) => Promise<unknown>;

/** A call, more often the usual ones. */
function someCall(next: () => number, processLoad: string): Call {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const run = { projectCode: "CORP", processLoad, processingDate: DAY, executionId: pick(["a", "b"]) };
  const task = { ...run, workflowId: 1, taskId: pick([1, 2, 3]) };
  const by = pick([undefined, "A", "B", "A"]);
  const holder = by === undefined ? {} : { sourceRunId: `${by}-${task.taskId}` };
  const reason = "because";
  const { workflowId, taskId } = task;
  const kind = pick(
    "start start start start end end end fail fail reset reset replay skip unskip cancel amend beat spooled".split(" "),
  );
  // Settled here: a repeat must be the same call.
  const really = next() < 0.3;
  const status = pick(["DONE", "FAIL"] as const);
  return (runs, idempotencyKey) => {
    const context = idempotencyKey === undefined ? undefined : { idempotencyKey };
    switch (kind) {
      case "start":
        return runs.startTask({ ...task, ...holder }, context);
      case "end":
        return runs.endTask({ ...task, ...holder }, context);
      case "spooled":
        return runs.endTask({ ...task, ...holder, spooled: true }, context);
      case "fail":
        return runs.failTask({ ...task, ...holder, logMessage: 'it\'s "no" 🌙' }, context);
      case "reset":
        return runs.statusReset({ ...run, workflowId, taskId }, context);
      case "replay":
        return runs.statusReset({ ...run, workflowId, taskId, replay: true, reason }, context);
      case "skip":
        return runs.skip({ ...task, reason }, context);
      case "unskip":
        return runs.unskip({ ...task, reason }, context);
      case "cancel":
        return really ? runs.cancel({ ...run, reason }, context) : runs.startTask(task, context);
      case "amend":
        return runs.amend({ ...task, status, reason }, context);
      default:
        return runs.heartbeat(task);
    }
  };
}

/** What a call came to, without what may differ at a repeat. */
async function outcome(call: Promise<unknown>): Promise<unknown> {
  try {
    const { replayed: _replayed, watermark: _watermark, ...answer } = (await call) as Record<string, unknown>;
    return answer;
  } catch (error) {
    if (error instanceof HeadgateError && error.permanent) return { code: error.code, message: error.message };
    throw error;
  }
}

function told(event: RecordedCommand): Told {
  const { type, executionId, taskId, attempt, sourceRunId, spooled, payload } = event;
  const tasks = payload.tasks as string[] | undefined;
  return {
    type,
    executionId,
    taskId,
    attempt,
    sourceRunId,
    spooled,
    saidAt: Date.parse(event.occurredAt),
    recordedAt: Date.parse(event.recordedAt),
    ...(type === "RESET" && tasks ? { tasks: tasks.map((key) => Number(key.split("/")[1])) } : {}),
    replay: payload.replay === true,
    status: String(payload.status),
  };
}

function rowText(step: StoredStep): string {
  const id = `${step.executionId} ${step.taskId}#${step.attempt}`;
  if (step.workflowId === 0) return `${id} ${step.status} ${step.phase}`;
  const state =
    step.phase === "ENDED"
      ? step.status === "DONE"
        ? "done"
        : step.logCode === "LOST"
          ? "lost"
          : step.logCode === "CANCELLED"
            ? "cancelled"
            : "failed"
      : step.phase.toLowerCase();
  const flags = `${step.startInferred ? " guessed" : ""}${step.recoveredFromLost ? " recovered" : ""}`;
  return `${id} ${state} by ${step.sourceRunId ?? "-"} from ${step.startTime ?? "-"}${flags}`;
}

/** One process with a life of its own. */
async function live(
  start: World,
  setting: Setting,
  seed: number,
): Promise<{ events: number; lost: number; world: World }> {
  const next = seeded(seed);
  const processLoad = `SEED_${seed}`;
  const { clock } = start;
  let here = start;
  await here.runs.registerProcess("CORP", processLoad);
  await here.runs.registerParameter("CORP", processLoad, { name: "since", type: "DELTA_DATE" });
  for (const taskId of [1, 2, 3]) {
    await here.runs.registerTask("CORP", processLoad, {
      workflowId: 1,
      taskId,
      sequenceId: taskId === 1 ? 1 : 2,
      name: `Task ${taskId}`,
      mandatory: taskId !== 3,
      ...(taskId === 1 ? {} : { sourceSystemCode: "since" }),
    });
  }
  const model = new SmallModel();
  let seq = await here.store.runs.lastSeq();
  let events = 0;
  let lost = 0;
  const beats = new Map<string, number>();
  const follow = async () => {
    for (const event of await here.store.runs.eventsAfter(seq, 10_000)) {
      seq = event.seq;
      if (event.processLoad !== processLoad) continue;
      events += 1;
      const verdict = event.verdict === "refused" ? event.code : event.verdict;
      expect(`${event.seq} ${event.type} ${verdict}`).toBe(`${event.seq} ${event.type} ${model.take(told(event))}`);
      const key = `${event.executionId}/${event.taskId}`;
      if (event.type === "START" && verdict === "accepted") beats.set(key, Date.parse(event.recordedAt));
      if (event.type === "LOST" && verdict === "accepted") {
        lost += 1;
        expect(Date.parse(event.recordedAt) - (beats.get(key) ?? 0)).toBeGreaterThanOrEqual(LEASE);
      }
    }
  };
  for (const executionId of ["a", "b"]) {
    await here.runs.generateExecutionSteps(executionId, "CORP", processLoad, DAY);
  }
  await follow();

  /** Calls of which nobody heard the answer: sent again later, with the same key. */
  const unheard: { again: Call; key: string; first: unknown }[] = [];
  for (let turn = 0; turn < 12; turn++) {
    const calls = Array.from({ length: 1 + Math.floor(next() * 3) }, () => someCall(next, processLoad));
    await Promise.all(
      calls.map(async (call, n) => {
        if (next() >= 0.35) return void (await outcome(call(here.runs)));
        const key = `${seed}-${turn}-${n}`;
        const first = (await outcome(call(here.runs, key))) as object;
        if (!("alive" in first)) unheard.push({ again: call, key, first });
      }),
    );
    await follow();
    if (next() < 0.06) {
      // Another server goes on; what the one before had answered is in the store.
      const before = here;
      here = await world(setting, { target: here.target, clock, durability: "normal" });
      await before.store.close();
    }
    if (next() < 0.4 && unheard.length > 0) {
      const [{ again, key, first }] = unheard.splice(Math.floor(next() * unheard.length), 1) as [(typeof unheard)[0]];
      const before = await here.store.runs.lastSeq();
      const second = await outcome(again(here.runs, key));
      expect(second).toEqual(first);
      expect(await here.store.runs.lastSeq()).toBe(before);
    }
    clock.turn(Math.floor(20_000 + next() * 39_000));
    await here.runs.sweepOnce("s1");
    await follow();
  }
  const steps = await here.store.runs.steps({ processLoad });
  expect(steps.map(rowText).sort()).toEqual(model.rows());
  const [since] = (await here.store.runs.catalogue.parameters("CORP", processLoad)).filter(
    (one) => one.name === "since",
  );
  expect(since?.value).toBe(model.watermark === null ? null : new Date(model.watermark).toISOString());
  return { events, lost, world: here };
}

await onBothStores("interleavings", (setting) => {
  it("end as the model says, every verdict on the way too, and a replay gives the same rows", {
    timeout: 900_000,
  }, async () => {
    const [most, few] = setting.kind === "sqlite" ? [200, 30] : [20, 8];
    const seeds = sample(`interleavings on ${setting.kind}`, numbers(1, most), few);
    let here = await world(setting, { clock: handClock(), durability: "normal" });
    let events = 0;
    let lost = 0;
    for (const seed of seeds) {
      const lived = await live(here, setting, seed);
      here = lived.world;
      events += lived.events;
      lost += lived.lost;
    }
    // What was tried has to have happened.
    expect(events).toBeGreaterThan(seeds.length * 12);
    expect(lost).toBeGreaterThan(seeds.length / 20);
    const report = await here.runs.check();
    expect(report).toMatchObject({ differing: [], verdicts: [] });
    console.log(
      `${setting.kind}: ${seeds.length} interleavings, ${events} commands, ${lost} lost, ${report.steps} steps the same`,
    );
  });
});
