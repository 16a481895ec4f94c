/** What the page of jobs asks over real HTTP: going back, changes, the calendar, adopting, control tables. */
import { afterEach, describe, expect, test } from "vitest";
import { fleetOf, plainWorld, row } from "./testing/plain-jobs.ts";
import { ask, post, start, stopAll } from "./testing/start.ts";

afterEach(stopAll);

describe("the page of jobs", () => {
  test("makes a plan that goes back, keeps it, and needs a token for it", async () => {
    const server = await start();
    const unsigned = { method: "POST", body: "{}", headers: { "content-type": "application/json" } };
    expect((await ask(server, "/api/v1/jobs/nightly/rollback", unsigned)).status).toBe(401);
    const made = await post(server, "/api/v1/jobs/nightly/rollback", { to: 4 });
    expect(made.status).toBe(201);
    const plan = made.json() as { id: string; changes: { reason: string }[] };
    expect(plan.changes[0]?.reason).toBe("as it was at 4");
    expect((await ask(server, `/api/v1/plans/${plan.id}`)).json()).toEqual(plan);
    expect((await post(server, "/api/v1/jobs/nothing/rollback", {})).status).toBe(404);
    expect((await post(server, "/api/v1/jobs/nightly/rollback", { to: -1 })).json().code).toBe("input_invalid");
  });

  test("gives the newest changes, cut where asked for", async () => {
    const server = await start();
    expect((await ask(server, "/api/v1/history?limit=1")).json()).toMatchObject({
      items: [{ resource: "nightly", serial: 2, jobId: "9007199254740993" }],
      more: true,
      unseen: 0,
    });
    expect((await ask(server, "/api/v1/history?limit=0")).json().code).toBe("input_invalid");
  });

  test("answers the calendar of the fleet it last read; a job may be called calendar", async () => {
    const schedule = {
      text: "daily 02:00",
      expression: "0 0 2 * * ?",
      timezone: "UTC",
      paused: false,
      nextStart: null,
    };
    const server = await start({ world: plainWorld([row("calendar", { schedule })]) });
    const answer = (await ask(server, "/api/v1/calendar?from=2026-11-21&days=2")).json();
    expect(answer).toMatchObject({ zone: "Europe/London", count: 1, items: [{ starts: [7_200, 93_600] }] });
    expect((await ask(server, "/api/v1/jobs/calendar")).json()).toMatchObject({ row: { resource: "calendar" } });
    for (const query of ["from=21.11.2026", "from=2026-02-30", "days=32", "hour=24"])
      expect((await ask(server, `/api/v1/calendar?${query}`)).json().code).toBe("input_invalid");
  });

  test("shows what adopting would write", async () => {
    const world = plainWorld([]);
    const other = {
      jobId: "9007199254740995",
      name: "Other",
      creator: null,
      managedBy: "ui" as const,
      schedule: null,
      url: null,
    };
    world.fleet = async () => ({ ...fleetOf([]), unmanaged: { count: 1, items: [other] } });
    const server = await start({ world });
    expect((await ask(server, "/api/v1/jobs/9007199254740995/adopt-preview")).json()).toMatchObject({
      jobId: "9007199254740995",
      yaml: "jobs:\n  found:\n    name: Other\n",
    });
    expect((await ask(server, "/api/v1/jobs/12/adopt-preview")).status).toBe(404);
    expect((await ask(server, "/api/v1/jobs/name/adopt-preview")).json().code).toBe("input_invalid");
  });

  test("pages through a control table, with what is wrong in each row", async () => {
    const server = await start();
    expect((await ask(server, "/api/v1/tables")).json()).toEqual({ items: [{ source: "control" }] });
    const first = (await ask(server, "/api/v1/tables/control?limit=3")).json();
    expect(first).toMatchObject({ all: 7, faulty: 1, count: 7, next: 3, table: "main.etl.control" });
    const faulty = (await ask(server, "/api/v1/tables/control?faulty=true")).json();
    expect(faulty).toMatchObject({
      count: 1,
      next: null,
      rows: [{ label: "nightly/t3", problems: [{ column: "task_config" }] }],
    });
    expect((await ask(server, "/api/v1/tables/control?q=T5")).json()).toMatchObject({ count: 1 });
  });
});
