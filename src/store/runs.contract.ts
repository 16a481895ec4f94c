/** What every store must do about commands and steps. */
import { describe, expect, it } from "vitest";
import { onBothStores } from "../../test/stores.ts";
import { tinyCommand, tinyTransition } from "../../test/tiny-transition.ts";
import type { Command } from "../model/step.ts";
import { forgetSecrets, rememberSecret } from "../util/redact.ts";

const task = (taskId: number, more: object = {}) => ({ workflowId: 1, taskId, sequenceId: 2, sortOrder: 2, ...more });
const INITIATION = { workflowId: 0, taskId: 0, sequenceId: 0, sortOrder: 0 };

await onBothStores("runs", (setting, store) => {
  const generate = (executionId: string, tasks: object[], more: Partial<Command> = {}) =>
    tinyCommand("GENERATE", { executionId, payload: { tasks } as never, ...more });
  const on = (type: string, executionId: string, taskId: number, more: Partial<Command> = {}) =>
    tinyCommand(type, { executionId, workflowId: 1, taskId, ...more });
  const append = async (...commands: Command[]) => store().runs.append(commands, tinyTransition);

  it("decides commands of a batch one after another, each upon what the ones before led to", async () => {
    const outcomes = await append(
      generate("seq", [INITIATION, task(1), task(2)]),
      on("START", "seq", 1, { sourceRunId: "9007199254740993" }),
      on("START", "seq", 1),
      on("END", "seq", 1, { occurredAt: "2026-11-21T06:31:01.500Z", payload: { metrics: { rowsWritten: 42 } } }),
      on("END", "seq", 1),
      on("END", "seq", 7),
    );
    expect(outcomes.map(({ verdict, code }) => [verdict, code])).toEqual([
      ["accepted", null],
      ["accepted", null],
      ["refused", "already_running"],
      ["accepted", null],
      ["replayed", null],
      ["refused", "unknown_task"],
    ]);
    const numbers = outcomes.map(({ seq }) => seq);
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] as number) + index));
    const steps = await store().runs.steps({ executionId: "seq" });
    expect(steps.map((step) => [step.workflowId, step.taskId, step.status, step.phase, step.version])).toEqual([
      [0, 0, "NQUE", "QUEUED", 1],
      [1, 1, "DONE", "ENDED", 3],
      [1, 2, "NQUE", "QUEUED", 1],
    ]);
    expect(steps[1]).toMatchObject({
      sourceRunId: "9007199254740993",
      durationMs: 61_500,
      metrics: { rowsWritten: 42 },
      taskMandatory: true,
      lastUpdatedBy: "anna",
    });
  });

  it("answers a known event id with its first answer, in the same batch and later", async () => {
    const made = generate("twice", [task(1)]);
    const start = on("START", "twice", 1, { eventId: "start-once" });
    const [, first, again] = await append(made, start, { ...start });
    expect(first).toMatchObject({ verdict: "accepted", repeated: false });
    expect(again).toEqual({ ...first, repeated: true });
    const [later] = await append({ ...start, occurredAt: "2027-01-01T00:00:00.000Z" });
    expect(later).toEqual({ ...first, repeated: true });
    expect((await store().runs.steps({ executionId: "twice" }))[0]).toMatchObject({ version: 2 });
    expect(await store().runs.findCommand("start-once")).toMatchObject({ type: "START", verdict: "accepted" });
  });

  it("generates a run once, however many ask at the same time", async () => {
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => append(generate("fifty", [task(1), task(2)]))));
    expect(outcomes.flat().filter(({ verdict }) => verdict === "accepted")).toHaveLength(1);
    expect(await store().runs.steps({ executionId: "fifty" })).toHaveLength(2);
  });

  it("takes 400 starts and ends at once, exactly", async () => {
    const tasks = Array.from({ length: 200 }, (_, n) => task(n + 1));
    await append(generate("wide", tasks));
    const ends = await Promise.all(
      tasks.flatMap(({ taskId }) => [append(on("START", "wide", taskId)), append(on("END", "wide", taskId))]),
    );
    expect(ends.flat().every(({ verdict }) => verdict === "accepted")).toBe(true);
    const steps = await store().runs.steps({ executionId: "wide" });
    expect(steps.filter((step) => step.status === "DONE" && step.version === 3)).toHaveLength(200);
  });

  it("keeps nothing of a call whose transition fails, and all of the others in its batch", async () => {
    await append(generate("mixed", [task(1), task(2)]));
    const [bad, good] = await Promise.allSettled([
      append(on("START", "mixed", 1), tinyCommand("THROW", { executionId: "mixed" })),
      append(on("START", "mixed", 2)),
    ]);
    expect(bad).toMatchObject({ status: "rejected", reason: { message: expect.stringContaining("transition fail") } });
    expect(good.status).toBe("fulfilled");
    expect((await store().runs.steps({ executionId: "mixed" })).map(({ phase }) => phase)).toEqual([
      "QUEUED",
      "RUNNING",
    ]);
  });

  it("numbers the runs of a process and date, and each process and date by itself", async () => {
    const day = { processingDate: "2026-12-24" };
    const answers = await append(
      generate("n1", [task(1)], day),
      generate("n2", [task(1)], day),
      generate("n1", [task(1)], { ...day, processLoad: "OTHER" }),
      generate("n1", [task(1)], { processingDate: "2026-12-25" }),
    );
    expect(answers.map(({ answer }) => (answer as { runNumber: number }).runNumber)).toEqual([1, 2, 1, 1]);
  });

  it("gives the newest attempt of each task by day, over all runs of the day", async () => {
    const of = { projectCode: "FINANCE", processLoad: "DAYS" };
    const on1 = { ...of, processingDate: "2026-12-01" };
    const on2 = { ...of, processingDate: "2026-12-02" };
    await append(
      generate("d1", [INITIATION, task(1, { taskName: "load" }), task(2), task(3)], on1),
      on("START", "d1", 1, on1),
      on("END", "d1", 1, { ...on1, occurredAt: "2026-11-21T06:31:01.500Z" }),
      on("START", "d1", 2, on1),
      generate("d2", [INITIATION, task(1, { taskName: "load all" })], on1),
      generate("d3", [INITIATION, task(1)], on2),
      generate("d3", [INITIATION, task(9)], { ...on2, processLoad: "OTHER_DAYS" }),
    );
    const asked = { ...of, from: "2026-12-01", to: "2026-12-02" };
    const marks = await store().runs.dayMarks(asked);
    expect(marks.map((mark) => [mark.processingDate, mark.taskId, mark.taskName, mark.phase, mark.endMs])).toEqual([
      ["2026-12-01", 1, "load all", "QUEUED", null],
      ["2026-12-01", 2, "Task 1/2", "RUNNING", null],
      ["2026-12-01", 3, "Task 1/3", "QUEUED", null],
      ["2026-12-02", 1, "Task 1/1", "QUEUED", null],
    ]);
    expect(marks[1]).toMatchObject({ attempt: 0, status: "NQUE", logCode: null, taskMandatory: true, sortOrder: 2 });
    expect(marks[1]?.startMs).toBeTypeOf("number");
    const tallies = await store().runs.dayTallies(asked);
    expect(tallies.map((day) => [day.processingDate, day.total, day.running, day.waiting])).toEqual([
      ["2026-12-01", 3, 1, 2],
      ["2026-12-02", 1, 0, 1],
    ]);
    expect(await store().runs.dayMarks({ ...asked, from: "2027-01-01", to: "2027-01-02" })).toEqual([]);
  });

  it("keeps any text of an error, without secrets", async () => {
    rememberSecret("hunter2-secret");
    try {
      const message = `it's "bad"\\ \u0000 \ud800 🌙 hunter2-secret ${"x".repeat(500_000)}`;
      await append(generate("text", [task(1)]), on("START", "text", 1));
      await append(on("FAIL", "text", 1, { eventId: "fail-text", payload: { message } }));
      const kept = `it's "bad"\\ \uFFFD \uFFFD 🌙 *** ${"x".repeat(500_000)}`;
      expect((await store().runs.steps({ executionId: "text" }))[0]?.logMessage).toBe(kept);
      expect((await store().runs.findCommand("fail-text"))?.payload).toEqual({ message: kept });
    } finally {
      forgetSecrets();
    }
    await expect(append(on("FAIL", "text", 1, { payload: { message: "y".repeat(1 << 20) } }))).rejects.toMatchObject({
      code: "input_invalid",
    });
  });

  it("keeps numbers beyond 2^53 in payloads", async () => {
    await append(tinyCommand("UNKNOWN", { eventId: "big", payload: { id: 9_223_372_036_854_775_807n } }));
    expect((await store().runs.findCommand("big"))?.payload).toEqual({ id: 9_223_372_036_854_775_807n });
  });

  it("filters steps", async () => {
    await append(
      generate("f1", [task(1), task(2)], { processLoad: "FILTER", processingDate: "2026-10-01" }),
      generate("f1", [task(1)], { processLoad: "FILTER", processingDate: "2026-10-02", project: "other" }),
    );
    const { steps } = store().runs;
    const of = { processLoad: "FILTER" };
    expect(await steps(of)).toHaveLength(3);
    expect(await steps({ ...of, processingDate: "2026-10-01", taskId: 2 })).toHaveLength(1);
    expect(await steps({ ...of, from: "2026-10-02", to: "2026-10-05" })).toHaveLength(1);
    expect(await steps({ ...of, project: "retail" })).toHaveLength(2);
    expect(await steps({ ...of, limit: 1 })).toHaveLength(1);
  });

  it("takes part in a transaction of the store", async () => {
    await expect(
      store().transaction(async ({ runs }) => {
        await runs.append([generate("undone", [task(1)])], tinyTransition);
        expect(await runs.steps({ executionId: "undone" })).toHaveLength(1);
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    expect(await store().runs.steps({ executionId: "undone" })).toEqual([]);
    await expect(store().transaction(() => append(generate("inside", [task(1)])))).rejects.toThrow("only the doors");
  });

  describe("the log", () => {
    it("is read on from a number without missing a row of a writer that was slow to commit", async () => {
      const target = await setting.target();
      const one = await setting.open(target);
      const other = await setting.open(target);
      const seen: number[] = [];
      let last = 0;
      const follow = async (reader: typeof one) => {
        for (const event of await reader.runs.eventsAfter(last, 100)) {
          seen.push(event.seq);
          last = event.seq;
        }
      };
      let second: Promise<unknown> = Promise.resolve();
      await one.transaction(async ({ runs }) => {
        await runs.append([generate("slow", [task(1)])], tinyTransition);
        // The other writer starts while this one has inserted and not yet committed.
        second = other.runs.append([generate("quick", [task(1)])], tinyTransition);
        await new Promise((resolve) => setTimeout(resolve, 150));
        await follow(other);
      });
      await follow(other);
      await second;
      await follow(other);
      const all = (await one.runs.eventsAfter(0, 100)).map(({ seq }) => seq);
      expect(seen).toEqual(all);
      expect(all).toHaveLength(2);
      expect(await other.runs.lastSeq()).toBe(all.at(-1));
    });

    it("is followed by one reader while two servers write", async () => {
      const target = await setting.target();
      const [one, two] = [await setting.open(target), await setting.open(target)];
      const seen: number[] = [];
      let writing = true;
      const reader = (async () => {
        for (let last = 0; ; ) {
          const wasWriting = writing;
          const page = await one.runs.eventsAfter(last, 1_000);
          for (const { seq } of page) {
            seen.push(seq);
            last = seq;
          }
          if (!wasWriting && page.length === 0) return;
          await new Promise((resolve) => setImmediate(resolve));
        }
      })();
      const write = async (by: typeof one, name: string) => {
        for (let n = 0; n < 60; n += 3) {
          await Promise.all(
            [0, 1, 2].map((m) => by.runs.append([generate(`${name}-${n + m}`, [task(1)])], tinyTransition)),
          );
        }
      };
      await Promise.all([write(one, "one"), write(two, "two")]);
      writing = false;
      await reader;
      expect(seen).toEqual(Array.from({ length: 120 }, (_, n) => n + 1));
    });

    it("cannot be changed", async () => {
      const target = await setting.target();
      const own = await setting.open(target);
      await own.runs.append([generate("fixed", [task(1)])], tinyTransition);
      await expect(setting.execute(target, "update etl_event set verdict = 'refused'")).rejects.toThrow(
        "only ever added",
      );
      await expect(setting.execute(target, "delete from access_audit")).resolves.toBeUndefined();
      await own.access.addAudit({
        id: "a",
        at: "2026-11-21T06:30:00.000Z",
        actor: "anna",
        via: "none",
        address: "",
        action: "x",
        subject: "",
        result: "ok",
        status: null,
        requestId: "",
      });
      await expect(setting.execute(target, "delete from access_audit")).rejects.toThrow("only ever added");
    });
  });

  describe("replay", () => {
    it("gives the same rows, byte by byte, and mends rows that were touched", async () => {
      const target = await setting.target();
      const own = await setting.open(target);
      const { runs } = own;
      await runs.catalogue.declareProcesses(
        [
          {
            projectCode: "CORP",
            processLoad: "HR_DAILY",
            name: "HR",
            description: null,
            owner: null,
            loadFrequency: "D",
            timezone: "UTC",
            deadline: null,
            isActive: true,
          },
        ],
        { actor: "anna", project: "retail" },
      );
      await runs.catalogue.declareParameters(
        [
          {
            projectCode: "CORP",
            processLoad: "HR_DAILY",
            name: "LoadEmployees",
            type: "DELTA_DATE",
            description: null,
            lookbackSeconds: 0,
            value: null,
          },
        ],
        { actor: "anna", project: "retail" },
      );
      const reads = (command: Command) => ({
        steps: command.taskId === null ? ("run" as const) : ("step" as const),
        parameters: true,
      });
      const send = (...commands: Command[]) => runs.append(commands, tinyTransition, reads);
      for (const run of ["a", "b"]) {
        await send(generate(run, [INITIATION, task(1), task(2, { taskName: "O'Brien \u0000 🌙" })]));
        await Promise.all([
          send(on("START", run, 1), on("FAIL", run, 1, { payload: { message: "no \u0000" } }), on("RESET", run, 1)),
          send(on("START", run, 2), on("START", run, 2)),
        ]);
        await send(
          on("END", run, 2, {
            payload: { watermark: ["LoadEmployees", "2026-11-21T06:30:00.000Z"], metrics: { b: 1, a: 2 } },
          }),
        );
        await send(
          tinyCommand("WATERMARK", {
            executionId: null,
            processingDate: null,
            payload: { name: "LoadEmployees", value: null },
          }),
        );
      }
      await send(tinyCommand("CLOSE", { executionId: "a" }), on("START", "a", 1));
      const before = await runs.steps({});
      const report = await runs.replay(tinyTransition, "check", reads);
      expect(report).toEqual({ commands: 18, steps: 8, differing: [], verdicts: [] });

      await setting.execute(target, "update step_state set log_message = 'touched' where task_id = 2");
      expect((await runs.replay(tinyTransition, "check", reads)).differing).toHaveLength(2);
      expect((await runs.replay(tinyTransition, "rebuild", reads)).differing).toHaveLength(2);
      expect(await runs.steps({})).toEqual(before);
      expect((await runs.replay(tinyTransition, "check", reads)).differing).toEqual([]);

      const other = await runs.replay(
        (situation, command) => ({ ...tinyTransition(situation, command), verdict: "refused", code: "x" }),
        "check",
      );
      expect(other.verdicts).toHaveLength(18);
    });

    it("decides upon what another process has written since, also after a call that failed", async () => {
      const target = await setting.target();
      const [one, other] = [await setting.open(target), await setting.open(target)];
      const send = async (store: typeof one, ...commands: Command[]) =>
        (await store.runs.append(commands, tinyTransition)).map(({ verdict, code }) => code ?? verdict);
      await send(one, generate("shared", [INITIATION, task(1), task(2)]), on("START", "shared", 1));
      expect(await send(other, on("START", "shared", 1), on("START", "shared", 2))).toEqual([
        "already_running",
        "accepted",
      ]);
      expect(await send(one, on("START", "shared", 2), on("END", "shared", 1))).toEqual([
        "already_running",
        "accepted",
      ]);
      expect(await send(other, on("END", "shared", 1))).toEqual(["replayed"]);
      const broken = one.runs.append([on("END", "shared", 2), on("END", "shared", 2)], (situation, command) => {
        const ended = situation.steps.some((step) => step.taskId === 2 && step.phase === "ENDED");
        if (ended) throw new Error("broken");
        return tinyTransition(situation, command);
      });
      await expect(broken).rejects.toThrow("broken");
      expect((await one.runs.steps({ executionId: "shared" })).map(({ phase }) => phase)).toEqual([
        "QUEUED",
        "ENDED",
        "RUNNING",
      ]);
      expect(await send(one, on("END", "shared", 2), on("END", "shared", 2))).toEqual(["accepted", "replayed"]);
    });

    it("starts from what purging left: whole closed runs go, watermarks stay", async () => {
      let now = Date.parse("2026-01-01T00:00:00.000Z");
      const own = await setting.open(await setting.target(), { clock: { now: () => now, sleep: async () => {} } });
      const { runs } = own;
      const send = (...commands: Command[]) => runs.append(commands, tinyTransition);
      await send(
        generate("old", [task(1)]),
        on("START", "old", 1),
        tinyCommand("CLOSE", { executionId: "old" }),
        generate("open", [task(1)]),
      );
      await runs.log([
        {
          key: "l1",
          processingDate: "2026-11-21",
          projectCode: "CORP",
          processLoad: "HR_DAILY",
          sourceType: "ADF",
          runId: "1",
          executionId: "old",
          correlationId: null,
          pipelineName: null,
          activityName: null,
          operationName: null,
          level: 1,
          logTime: "2026-11-21T06:30:00.000Z",
          message: "x",
        },
      ]);
      now = Date.parse("2027-06-01T00:00:00.000Z");
      await send(generate("new", [task(1)]), tinyCommand("CLOSE", { executionId: "new" }));
      expect(await runs.purge("2027-01-01T00:00:00.000Z")).toEqual({ runs: 1, commands: 3 });
      expect(await runs.logs({})).toEqual([]);
      expect((await runs.steps({})).map(({ executionId, runNumber }) => [executionId, runNumber])).toEqual([
        ["open", 2],
        ["new", 3],
      ]);
      expect(await runs.replay(tinyTransition, "check")).toMatchObject({ commands: 3, differing: [], verdicts: [] });
      const [next] = await send(generate("last", [task(1)]));
      expect(next).toMatchObject({ answer: { runNumber: 4 }, seq: 7 });
    });
  });
});
