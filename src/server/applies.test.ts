import { afterEach, describe, expect, test } from "vitest";
import { HeadgateError } from "../errors.ts";
import { systemClock } from "../util/clock.ts";
import { ApplyAnswer } from "./api.ts";
import { change, plainJobs, plainWorld, planOf, row } from "./testing/plain-jobs.ts";
import { ask, listen, post, start, stopAll, until } from "./testing/start.ts";

afterEach(stopAll);

const on = { settings: { apply: true } };

/** A door that stays shut until it is opened. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, wait: () => opened };
}

describe("plans", () => {
  test("a plan is made, kept and found again", async () => {
    const server = await start();
    const made = await post(server, "/api/v1/plans", { select: ["nightly"] });
    expect(made.status).toBe(201);
    expect(made.headers.location).toBe(`/api/v1/plans/${made.json().id}`);
    expect((await ask(server, String(made.headers.location))).json()).toEqual(made.json());
    expect(made.json()).toMatchObject({ actor: "anna", formatVersion: 1, summary: { update: 2 } });
  });

  test("one that is not there is 404", async () => {
    const server = await start(on);
    for (const path of ["/api/v1/plans/none", "/api/v1/applies/none"]) {
      expect((await ask(server, path)).json().code).toBe("not_found");
    }
    expect((await post(server, "/api/v1/plans/none/apply", {})).status).toBe(404);
  });
});

describe("applying", () => {
  test("is off unless it is set", async () => {
    const server = await start();
    const made = await post(server, "/api/v1/plans", {});
    const answer = await post(server, `${made.headers.location}/apply`, {});
    expect([answer.status, answer.json().code]).toEqual([403, "apply_off"]);
    expect(server.world.applied).toEqual([]);
  });

  test("answers at once, tells every step, and ends in the store and the audit trail", async () => {
    const server = await start(on);
    const events = await listen(server);
    await events.next("hello");
    const made = await post(server, "/api/v1/plans", {});
    expect((await events.next("plan")).data).toMatchObject({ id: made.json().id, summary: { update: 2 } });
    const started = await post(server, `${made.headers.location}/apply`, {});
    expect(started.status).toBe(202);
    const { id } = started.json();
    expect(started.headers.location).toBe(`/api/v1/applies/${id}`);
    expect(started.json()).toMatchObject({ state: "running", items: [{ state: "waiting" }, { state: "waiting" }] });

    const steps: unknown[] = [];
    for (let state = "running"; state === "running"; ) {
      const data = (await events.next("apply")).data as {
        state: string;
        item: { resource: string; state: string } | null;
      };
      steps.push([data.state, data.item?.resource, data.item?.state]);
      state = data.state;
    }
    expect(steps).toEqual([
      ["running", undefined, undefined],
      ["running", "nightly", "running"],
      ["running", "nightly", "done"],
      ["running", "hourly", "running"],
      ["running", "hourly", "done"],
      ["done", undefined, undefined],
    ]);
    const ended = ApplyAnswer.parse((await ask(server, `/api/v1/applies/${id}`)).json());
    expect(ended.items.map((item) => item.state)).toEqual(["done", "done"]);
    expect(ended.endedAt).not.toBeNull();
    const trail = server.store.audits
      .filter((one) => one.action === "applyPlan")
      .map((one) => [one.subject, one.result]);
    expect(trail.sort()).toEqual([
      [`applies/${id}`, "ok"],
      [`applies/${id}`, "started"],
      [`plans/${made.json().id}`, "ok"],
    ]);
    events.close();
  });

  test("one at a time: a second is told which one runs", async () => {
    const door = gate();
    const world = plainWorld([row("nightly")]);
    world.pause = door.wait;
    const server = await start({ ...on, world });
    const made = await post(server, "/api/v1/plans", {});
    const both = await Promise.all([1, 2].map(() => post(server, `${made.headers.location}/apply`, {})));
    const first = both.find((one) => one.status === 202);
    const second = both.find((one) => one.status === 409);
    expect(second?.json()).toMatchObject({ code: "apply_running" });
    const third = await post(server, `${made.headers.location}/apply`, {});
    expect(third.json()).toMatchObject({ code: "apply_running", data: { apply: first?.json().id } });
    door.open();
    await until(
      async () => (await ask(server, `/api/v1/applies/${first?.json().id}`)).json(),
      (apply) => apply.state === "done",
    );
    expect((await post(server, `${made.headers.location}/apply`, {})).status).toBe(202);
  });

  test("a refusal of the jobs room ends it, with code and hint", async () => {
    const world = plainWorld([row("nightly")]);
    const jobs = plainJobs(world);
    jobs.apply = async () => {
      throw new HeadgateError("lock_held", "marek holds the lock", { hint: "Wait for marek." });
    };
    const server = await start({ ...on, world, deps: { jobs } });
    const made = await post(server, "/api/v1/plans", {});
    const { id } = (await post(server, `${made.headers.location}/apply`, {})).json();
    const ended = await until(
      async () => (await ask(server, `/api/v1/applies/${id}`)).json(),
      (apply) => apply.state !== "running",
    );
    expect(ended).toMatchObject({
      state: "failed",
      error: { code: "lock_held", message: "marek holds the lock", hint: "Wait for marek." },
      items: [{ state: "skipped" }, { state: "skipped" }],
    });
    expect(server.store.audits.at(-1)).toMatchObject({ subject: `applies/${id}`, result: "lock_held" });
  });

  test("stopping the server lets the call in hand finish and does not begin another", async () => {
    const door = gate();
    const world = plainWorld([row("nightly")]);
    world.pause = door.wait;
    const server = await start({ ...on, world });
    const made = await post(server, "/api/v1/plans", {});
    const { id } = (await post(server, `${made.headers.location}/apply`, {})).json();
    await until(
      () => world.applied.length,
      (count) => count === 1,
    );
    const closed = server.close();
    door.open();
    await closed;
    const ended = server.store.applies.get(String(id));
    expect(ended?.state).toBe("interrupted");
    expect(ended?.items.map((item) => item.state)).toEqual(["done", "skipped"]);
  });

  test("a plan of another target is refused", async () => {
    const world = plainWorld([row("nightly")]);
    world.plan = async () => ({ ...planOf([change("nightly")]), target: "dev" });
    const server = await start({ ...on, world });
    const made = await post(server, "/api/v1/plans", {});
    const answer = await post(server, `${made.headers.location}/apply`, {});
    expect([answer.status, answer.json().code]).toEqual([409, "plan_mismatch"]);
  });

  test("a conflict waits for a choice, and the choice is what is sent", async () => {
    const world = plainWorld([row("nightly")]);
    const path = "tasks[task_key=load].max_retries";
    world.plan = async () => planOf([change("nightly", { fields: [{ path, kind: "conflict", actual: 5, after: 2 }] })]);
    const server = await start({ ...on, world });
    const made = await post(server, "/api/v1/plans", {});
    const apply = (body: object) => post(server, `${made.headers.location}/apply`, body);
    const open = await apply({});
    expect([open.status, open.json().code]).toEqual([409, "conflict_unresolved"]);
    expect(open.json().data).toEqual({ open: [{ resource: "nightly", path }] });
    expect(world.applied).toEqual([]);
    expect((await apply({ resolutions: { nightly: { [path]: "ours" } } })).status).toBe(202);
    await until(
      () => world.applied,
      (plans) => plans.length === 1,
    );
    expect(world.applied[0]?.changes[0]?.fields).toEqual([{ path, kind: "declared", actual: 5, after: 2 }]);
  });
});

test("ids sort by time", async () => {
  const server = await start();
  const ids: string[] = [];
  for (let n = 0; n < 3; n++) {
    ids.push(String((await post(server, "/api/v1/plans", {})).json().id));
    await systemClock.sleep(2);
  }
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(3);
});
