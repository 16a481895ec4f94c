/** The state machine against its table, cell by cell, and what a command does beside the state. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Parameter, ProcessMode } from "../model/process.ts";
import { StartAnswer } from "../model/run-answer.ts";
import type { Command, Step, StoredStep } from "../model/step.ts";
import type { Decision, Situation } from "../store/runs.ts";
import type { JsonObject } from "../util/json.ts";
import { transition } from "./transition.ts";
import { ASKED, type Asked, type Cell, STATES, type State, TABLE } from "./transition-table.ts";

const NOW = "2026-11-20T06:00:00.000Z";
const TASK = { workflowId: 1, taskId: 7, sequenceId: 2, taskName: "Load UK", taskMandatory: true };
const FACTS = { mode: "live", watermarks: ["since"] };

function command(type: string, payload: object = {}, more: Partial<Command> = {}): Command {
  return {
    eventId: "x",
    project: "retail",
    projectCode: "CORP",
    processLoad: "HR",
    processingDate: "2026-11-20",
    executionId: "r1",
    workflowId: 1,
    taskId: 7,
    attempt: null,
    type,
    occurredAt: NOW,
    actor: "anna",
    sourceRunId: null,
    sourceUrl: null,
    spooled: false,
    payload: payload as JsonObject,
    ...more,
  };
}

/** A run whose rows change as commands are decided. */
class Story {
  steps: StoredStep[] = [];
  parameters: Parameter[] = [];
  mode: ProcessMode | null = null;
  now = NOW;

  situation(): Situation {
    return {
      now: this.now,
      run: { runNumber: 1, isNew: this.steps.length === 0, closedAt: null },
      steps: this.steps,
      parameters: this.parameters,
      mode: this.mode,
    };
  }

  send(one: Command): Decision {
    const decision = transition(this.situation(), one);
    const key = (step: Step) => `${step.workflowId}/${step.taskId}/${step.attempt}`;
    const rows = new Map(this.steps.map((step) => [key(step), step]));
    if (decision.verdict === "accepted") {
      for (const step of decision.steps ?? []) {
        rows.set(key(step), { ...step, runNumber: 1, lastUpdatedOn: this.now, lastUpdatedBy: one.actor, version: 1 });
      }
      for (const { name, value } of decision.watermarks ?? []) {
        this.parameters = this.parameters.map((p) => (p.name === name ? { ...p, value } : p));
      }
      this.mode = decision.mode ?? this.mode;
    }
    this.steps = [...rows.values()].sort(
      (a, b) => a.workflowId - b.workflowId || a.taskId - b.taskId || a.attempt - b.attempt,
    );
    return decision;
  }

  task(taskId = 7): StoredStep | undefined {
    return this.steps.findLast((step) => step.taskId === taskId);
  }

  get initiation(): StoredStep | undefined {
    return this.steps.find((step) => step.workflowId === 0);
  }
}

const start = (more: Partial<Command> = {}) =>
  command("START", { leaseMs: 300_000 }, { sourceRunId: "run-1", ...more });
const generate = (...tasks: object[]) =>
  command("GENERATE", { facts: FACTS, tasks, leftOut: [] }, { workflowId: null, taskId: null });
const lost = () => command("LOST", { lease: 1, holder: "run-1", beatAt: NOW }, { attempt: 0 });
const cancel = () => command("CANCEL", { reason: "stop" }, { workflowId: null, taskId: null });

/** A run that has one task in a state. */
function inState(state: State): Story {
  const story = new Story();
  if (state === "none") return story;
  story.send(generate(TASK));
  if (state === "skipped") story.send(command("SKIP", { reason: "holiday" }));
  if (["running", "done", "failed", "lost", "cancelled"].includes(state)) story.send(start());
  if (state === "done") story.send(command("END"));
  if (state === "failed") story.send(command("FAIL", { logMessage: "no" }));
  if (state === "lost") story.send(lost());
  if (state === "cancelled") story.send(cancel());
  return story;
}

function stateOf(step: StoredStep | undefined): State {
  if (!step) return "none";
  if (step.phase === "SKIPPED") return "skipped";
  if (step.phase === "QUEUED") return "queued";
  if (step.phase === "RUNNING") return "running";
  if (step.status === "DONE") return "done";
  if (step.logCode === "LOST") return "lost";
  return step.logCode === "CANCELLED" ? "cancelled" : "failed";
}

const reset = (payload: object) => command("RESET", { tasks: ["1/7"], ...payload }, { workflowId: null, taskId: null });
const LATER = "2026-11-22T06:00:00.000Z";

/** The command of a row. */
const COMMANDS: Record<Asked, { command: Command; now?: string }> = {
  "start, same platform run": { command: start() },
  "start, another run": { command: start({ sourceRunId: "run-2" }) },
  progress: { command: command("PROGRESS", { metrics: { rows: 1 } }) },
  end: { command: command("END") },
  "end, a day late": { command: command("END"), now: LATER },
  "end, a day late, spooled": { command: command("END", {}, { spooled: true }), now: LATER },
  fail: { command: command("FAIL", { logMessage: "no" }) },
  lost: { command: lost() },
  skip: { command: command("SKIP", { reason: "holiday" }) },
  unskip: { command: command("UNSKIP", { reason: "no holiday" }) },
  reset: { command: reset({}) },
  "reset, replay": { command: reset({ replay: true, reason: "again" }) },
  cancel: { command: cancel() },
  "amend to done": { command: command("AMEND", { status: "DONE", reason: "it was" }) },
  "amend to failed": { command: command("AMEND", { status: "FAIL", reason: "it was not" }) },
};

/** What the code does. */
function cellOf(asked: Asked, state: State): Cell {
  const story = inState(state);
  const { command: sent, now = NOW } = COMMANDS[asked];
  story.now = now;
  // A task that nobody generated: the caller of the transition has looked into the catalogue.
  const carried =
    state === "none" && ["START", "END", "FAIL", "SKIP"].includes(sent.type)
      ? { ...sent, payload: { ...sent.payload, task: TASK, facts: FACTS } as JsonObject }
      : sent;
  const before = story.task()?.attempt;
  const rows = JSON.stringify(story.steps);
  const decision = story.send(carried);
  if (decision.verdict !== "accepted") expect(JSON.stringify(story.steps)).toBe(rows);
  if (decision.verdict === "refused") return decision.code as Cell;
  if (decision.verdict === "replayed") return "·";
  const after = story.task();
  const isNew = before !== undefined && after?.attempt === before + 1;
  return isNew ? `+ ${stateOf(after)}` : `→ ${stateOf(after)}`;
}

describe("the table", () => {
  for (const asked of Object.keys(TABLE) as Asked[]) {
    it(`says what ${asked} does in every state`, () => {
      expect(STATES.map((state) => cellOf(asked, state))).toEqual(TABLE[asked]);
    });
  }

  it("stands in the docs as it is", () => {
    const page = readFileSync(path.resolve(import.meta.dirname, "../../docs/explain/runs-state-machine.md"), "utf8");
    const code = (cell: Cell) => (/^[a-z]/.test(cell) ? `\`${cell}\`` : cell);
    const table = [
      `| | ${STATES.join(" | ")} |`,
      `|---|${STATES.map(() => "---|").join("")}`,
      ...(Object.keys(TABLE) as Asked[]).map((asked) => `| ${asked} | ${TABLE[asked].map(code).join(" | ")} |`),
    ].join("\n");
    expect(page).toContain(table);
    for (const [asked, meaning] of Object.entries(ASKED)) expect(page, asked).toContain(`- *${asked}*: ${meaning}`);
  });
});

describe("a step", () => {
  it("says who holds it when another wants to start it", () => {
    const decision = inState("running").send(start({ sourceRunId: "run-2" }));
    expect(decision.answer).toMatchObject({
      message: `Attempt 0 of Load UK (1/7) runs already by run-1, since ${NOW}`,
      holder: { sourceRunId: "run-1", since: NOW },
    });
  });

  it("is started by two that give no run id as by one", () => {
    const story = inState("queued");
    story.send(start({ sourceRunId: null }));
    expect(story.send(start({ sourceRunId: null })).verdict).toBe("replayed");
    expect(story.send(start({ sourceRunId: "run-2" })).code).toBe("already_running");
  });

  it("takes the caller's time within a day, else ours; any earlier one where it was spooled", () => {
    const startTime = (occurredAt: string, spooled = false) => {
      const story = inState("queued");
      story.send(start({ occurredAt, spooled }));
      return story.task()?.startTime;
    };
    expect(startTime("2026-11-20T05:00:00+01:00")).toBe("2026-11-20T04:00:00.000Z");
    expect(startTime("2026-11-19T05:59:59.000Z")).toBe(NOW);
    expect(startTime("2026-11-19T05:59:59.000Z", true)).toBe("2026-11-19T05:59:59.000Z");
    expect(startTime("2026-11-21T05:59:59.000Z")).toBe("2026-11-21T05:59:59.000Z");
    expect(startTime("2027-01-01T00:00:00.000Z", true)).toBe(NOW);
    expect(startTime("yesterday")).toBe(NOW);
  });

  it("that ended without a start has a guessed one, and no duration", () => {
    const story = inState("queued");
    story.send(command("END"));
    expect(story.task()).toMatchObject({ startInferred: true, startTime: NOW, endTime: NOW, durationMs: null });
  });

  it("never ends before it starts", () => {
    const story = inState("running");
    story.send(command("END", {}, { occurredAt: "2026-11-20T05:00:00.000Z" }));
    expect(story.task()).toMatchObject({ startTime: NOW, endTime: NOW, durationMs: 0 });
  });

  it("keeps 2,000 characters of a message, whole ones", () => {
    const story = inState("running");
    story.send(command("FAIL", { logMessage: "🌙".repeat(3_000) }));
    expect(story.task()?.logMessage).toBe("🌙".repeat(2_000));
  });

  it("is recovered by a late end of its own run, also after a reset, and its next attempt need not run", () => {
    const story = inState("lost");
    story.send(reset({}));
    story.send(command("END", {}, { sourceRunId: "run-1", spooled: true }));
    expect(story.steps.filter((step) => step.taskId === 7)).toMatchObject([
      { attempt: 0, status: "DONE", recoveredFromLost: true },
      { attempt: 1, phase: "SKIPPED", logMessage: "Attempt 0 was done after all" },
    ]);
    expect(story.initiation?.status).toBe("DONE");
  });

  it("may be retried as the original's callers do: by starting the attempt after the failed one", () => {
    const story = inState("failed");
    expect(story.send(start({ attempt: 2 })).code).toBe("unknown_task");
    expect(story.send(start({ attempt: 1, sourceRunId: "run-2" })).verdict).toBe("accepted");
    expect(story.task()).toMatchObject({ attempt: 1, status: "RQUE", phase: "RUNNING" });
    expect(inState("done").send(start({ attempt: 1 })).code).toBe("unknown_task");
  });

  it("hands on what the attempt before told last", () => {
    const story = inState("running");
    story.send(command("PROGRESS", { metrics: { checkpoint: "b/7", rows: 3 } }));
    story.send(command("PROGRESS", { metrics: { rows: 5 } }));
    story.send(command("FAIL"));
    story.send(reset({}));
    expect(story.send(start()).answer).toMatchObject({ attempt: 1, lastMetrics: { checkpoint: "b/7", rows: 5 } });
  });
});

describe("the initiation row", () => {
  const other = { ...TASK, taskId: 8, taskMandatory: false };

  it("runs with the first task, is queued again by a mandatory failure, requeued by a reset, and done at the end", () => {
    const story = new Story();
    const now = () => [story.initiation?.status, story.initiation?.phase];
    story.send(generate(TASK, other));
    expect(now()).toEqual(["NQUE", "QUEUED"]);
    story.send(start());
    expect(now()).toEqual(["NQUE", "RUNNING"]);
    story.send(command("FAIL"));
    expect(now()).toEqual(["NQUE", "QUEUED"]);
    story.send(reset({}));
    expect(now()).toEqual(["RQUE", "QUEUED"]);
    story.send(start({ sourceRunId: "run-2" }));
    story.send(command("END"));
    expect(now()).toEqual(["RQUE", "RUNNING"]);
    story.send(command("FAIL", {}, { taskId: 8 }));
    expect(now()).toEqual(["DONE", "ENDED"]);
    story.send(command("RESET", { tasks: ["1/8"] }, { workflowId: null, taskId: null }));
    expect(now()).toEqual(["RQUE", "QUEUED"]);
  });

  it("takes a start and an end of its own as advice only", () => {
    const story = inState("queued");
    const own = { workflowId: 0, taskId: 0 };
    expect(story.send(command("START", { leaseMs: 1 }, own))).toMatchObject({ verdict: "accepted" });
    expect(story.initiation?.phase).toBe("RUNNING");
    const again = story.send(command("START", { leaseMs: 1 }, own));
    expect(again.verdict).toBe("replayed");
    expect(StartAnswer.parse(again.answer)).toMatchObject({ replayed: true, leaseExpiresAt: null });
    expect(story.send(command("END", {}, own)).verdict).toBe("replayed");
    expect(story.send(command("SKIP", { reason: "x" }, own)).code).toBe("unknown_task");
    expect(story.initiation?.status).toBe("NQUE");
  });

  it("fails with what is cancelled, and is done where everything was left out", () => {
    const story = inState("running");
    story.send(cancel());
    expect(story.initiation).toMatchObject({ status: "FAIL", logCode: "CANCELLED" });
    const empty = new Story();
    const leftOut = [{ workflowId: 1, taskId: 7, taskName: "x", why: "not_due", doneOn: "2026-11-01", doneBy: "r0" }];
    empty.send(command("GENERATE", { facts: FACTS, tasks: [], leftOut }, { workflowId: null, taskId: null }));
    expect(empty.initiation?.status).toBe("DONE");
    expect(new Story().send(generate()).code).toBe("nothing_to_run");
  });
});

describe("a watermark", () => {
  const parameter = (value: string | null, type: Parameter["type"] = "DELTA_DATE", name = "since"): Parameter => ({
    projectCode: "CORP",
    processLoad: "HR",
    name,
    type,
    description: null,
    lookbackSeconds: 0,
    value,
  });
  const marked = { ...TASK, sourceSystemCode: "since" };

  function story(value: string | null, tasks: object[] = [marked], facts: object = FACTS): Story {
    const one = new Story();
    one.parameters = [parameter(value), parameter(null, "SYSTEM", "SYSDT")];
    one.send(command("GENERATE", { facts, tasks, leftOut: [] }, { workflowId: null, taskId: null }));
    return one;
  }
  const value = (one: Story) => one.parameters[0]?.value;

  it("moves to the start of a task that is done, forwards only", () => {
    const one = story("2026-11-19T00:00:00.000Z");
    one.send(start());
    one.now = "2026-11-20T07:00:00.000Z";
    one.send(command("END", {}, { occurredAt: one.now }));
    expect(value(one)).toBe(NOW);
    const ahead = story("2027-01-01T00:00:00.000Z");
    ahead.send(start());
    ahead.send(command("END"));
    expect(value(ahead)).toBe("2027-01-01T00:00:00.000Z");
  });

  it("stays for a guessed start, a historic run, and a parameter that was not there when the run began", () => {
    const guessed = story(null);
    guessed.send(command("END"));
    const historic = story(null, [marked], { mode: "historic", watermarks: ["since"] });
    const unknown = story(null, [marked], { mode: "live", watermarks: [] });
    for (const one of [historic, unknown]) {
      one.send(start());
      one.send(command("END"));
    }
    expect([guessed, historic, unknown].map(value)).toEqual([null, null, null]);
  });

  it("that several tasks share moves with the last of them, to the earliest start", () => {
    const one = story(null, [marked, { ...marked, taskId: 8 }]);
    one.send(start({ taskId: 8 }));
    one.now = "2026-11-20T06:10:00.000Z";
    one.send(start({ occurredAt: one.now }));
    one.send(command("END", {}, { occurredAt: one.now }));
    expect(value(one)).toBeNull();
    one.send(command("END", {}, { taskId: 8, occurredAt: one.now }));
    expect(value(one)).toBe(NOW);
  });

  it("is the task's own where it moved it", () => {
    const one = story(null);
    one.send(start());
    const moved = {
      name: "since",
      type: "DELTA_DATE",
      value: "2026-11-01T00:00:00.000Z",
      cause: "manual",
      forward: true,
    };
    expect(one.send(command("WATERMARK", moved)).verdict).toBe("accepted");
    expect(one.send(command("WATERMARK", { ...moved, value: "2026-10-01T00:00:00.000Z" })).code).toBe("not_forward");
    one.send(command("END"));
    expect(value(one)).toBe("2026-11-01T00:00:00.000Z");
  });

  it("of a historic run that is complete leaves the process live again", () => {
    const one = story(null);
    const mode = { mode: "historic", historicDate: "2026-11-20", names: ["since"] };
    one.send(command("MODE", mode, { processingDate: null, executionId: null, workflowId: null, taskId: null }));
    expect(one.parameters[1]?.value).toBe("2026-11-20T00:00:00.000Z");
    one.send(start());
    one.send(command("END"));
    expect(one.mode?.mode).toBe("live");
    expect(one.parameters.map((p) => p.value)).toEqual([null, null]);
  });

  it("comes back from bulk mode where nobody moved it since", () => {
    const one = story("2026-11-19T00:00:00.000Z");
    const about = { processingDate: null, executionId: null, workflowId: null, taskId: null };
    one.send(command("MODE", { mode: "bulk", names: ["since"] }, about));
    expect(value(one)).toBeNull();
    expect(one.send(command("MODE", { mode: "bulk", names: ["since"] }, about)).verdict).toBe("replayed");
    one.send(command("MODE", { mode: "live", names: ["since"] }, about));
    expect(value(one)).toBeNull();
    one.send(command("MODE", { mode: "live", names: ["since"], restore: true }, about));
    expect(value(one)).toBe("2026-11-19T00:00:00.000Z");
  });
});

it("refuses what it does not know, and everything of a closed run", () => {
  const story = inState("running");
  expect(story.send(command("DANCE")).code).toBe("input_invalid");
  const closed = { ...story.situation(), run: { runNumber: 1, isNew: false, closedAt: NOW } };
  expect(transition(closed, command("END")).code).toBe("run_closed");
  expect(transition(closed, command("CLOSE")).verdict).toBe("replayed");
  expect(transition(story.situation(), command("CLOSE"))).toMatchObject({ verdict: "accepted", closesRun: true });
});
