/** What every JobsWorkspace promises, tried over HTTP on the fake. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type FakeWorkspace, startFakeWorkspace } from "../../test/fake-workspace.ts";
import type { JobSettings } from "../model/job.ts";
import type { JobsWorkspace } from "./workspace.ts";

let world: FakeWorkspace;
beforeAll(async () => {
  world = await startFakeWorkspace({
    principals: [
      { userName: "admin@example.com", admin: true, tokens: ["admin-token"] },
      { userName: "anna@example.com", displayName: "Anna", tokens: ["anna-token"] },
    ],
  });
});
afterEach(() => {
  world.fake.control.removeFaults();
});
afterAll(() => world.fake.close());

const notebook = (task_key: string) => ({ task_key, notebook_task: { notebook_path: `/etl/${task_key}` } });
const tiny = (name: string): JobSettings => ({ name, tasks: [notebook("a")] });

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

async function settingsOf(workspace: JobsWorkspace, jobId: string): Promise<JobSettings> {
  const answer = await workspace.getJob(jobId);
  if (answer.kind !== "found") throw new Error(`job ${jobId} is ${answer.kind}`);
  return answer.job.settings;
}

/** Requests that a piece of work makes. */
async function requestsOf(work: () => Promise<unknown>, path = "") {
  world.fake.control.clearRequests();
  await work();
  return world.fake.control.requests({ path });
}

describe("identity", () => {
  test("who we are and which workspace this is take one request together, once", async () => {
    const { workspace } = world.openAs("anna-token");
    const seen = await requestsOf(async () => {
      expect(await workspace.workspaceId()).toBe("7405610922468161");
      expect(await workspace.me()).toEqual({ userName: "anna@example.com", displayName: "Anna", admin: false });
      await workspace.workspaceId();
    });
    expect(seen.map(({ path }) => path)).toEqual(["/api/2.0/preview/scim/v2/Me"]);
    expect(seen[0]?.userAgent).toBe("headgate/0.0.0-test");
  });
});

describe("one job", () => {
  test("goes round: create, get, reset, update, delete", async () => {
    const { workspace } = world;
    const jobId = await workspace.createJob({ ...tiny("walk"), tags: { team: "data" }, timeout_seconds: 60 });
    expect(await workspace.getJob(jobId)).toMatchObject({
      kind: "found",
      job: { jobId, creator: "admin@example.com", settings: { name: "walk", tags: { team: "data" } } },
    });
    await workspace.updateJob(jobId, { tags: { team: "ml" } }, ["timeout_seconds"]);
    expect(await settingsOf(workspace, jobId)).toMatchObject({ name: "walk", tags: { team: "ml" } });
    expect((await settingsOf(workspace, jobId)).timeout_seconds ?? 0).toBe(0);
    await workspace.resetJob(jobId, tiny("walk on"));
    expect((await settingsOf(workspace, jobId)).tags).toBeUndefined();
    await workspace.deleteJob(jobId);
    expect(await workspace.getJob(jobId)).toEqual({ kind: "missing" });
    await workspace.deleteJob(jobId); // gone already: no error
  });

  test("ids and numbers beyond 2^53 pass unharmed, also inside settings", async () => {
    const { workspace } = world;
    const called = await workspace.createJob(tiny("called"));
    expect(BigInt(called) > 2n ** 53n).toBe(true);
    const task = { task_key: "call", run_job_task: { job_id: BigInt(called) } };
    const jobId = await workspace.createJob({ name: "caller", tasks: [task] });
    const settings = await settingsOf(workspace, jobId);
    expect(settings.tasks?.[0]).toMatchObject({ run_job_task: { job_id: BigInt(called) } });
    await workspace.resetJob(jobId, settings);
    expect((await settingsOf(workspace, jobId)).tasks?.[0]).toMatchObject({ run_job_task: { job_id: BigInt(called) } });
  });

  test("250 tasks, 120 clusters and 130 parameters are read whole, by get and by list", async () => {
    const { workspace } = world;
    const tasks = Array.from({ length: 250 }, (_, i) => notebook(`t${String(i).padStart(3, "0")}`));
    const cluster = { spark_version: "15.4.x-scala2.12", num_workers: 1, node_type_id: "Standard_DS3_v2" };
    const job_clusters = Array.from({ length: 120 }, (_, i) => ({ job_cluster_key: `c${i}`, new_cluster: cluster }));
    const parameters = Array.from({ length: 130 }, (_, i) => ({ name: `p${i}`, default: "" }));
    const jobId = await workspace.createJob({ name: "big", tasks, job_clusters, parameters });
    const [listed] = await all(workspace.listJobs({ name: "big" }));
    for (const settings of [await settingsOf(workspace, jobId), listed?.settings]) {
      expect(settings?.tasks?.map((task) => task.task_key).sort()).toEqual(tasks.map(({ task_key }) => task_key));
      expect(settings?.job_clusters).toHaveLength(120);
      expect(settings?.parameters).toHaveLength(130);
    }
    await workspace.resetJob(jobId, await settingsOf(workspace, jobId));
    expect((await settingsOf(workspace, jobId)).tasks).toHaveLength(250);
  });

  test("a later page that is refused is no missing job", async () => {
    const { workspace } = world;
    const jobId = await workspace.createJob({
      name: "torn",
      tasks: Array.from({ length: 101 }, (_, i) => notebook(`t${i}`)),
    });
    world.fake.control.addFault({ path: "/jobs/get$", nth: 2, fault: { kind: "status", status: 400 } });
    await expect(workspace.getJob(jobId)).rejects.toMatchObject({ code: "unavailable", exitCode: 69 });
  });

  test("a missing job is missing in both ways the service says it; a malformed id is refused before it is sent", async () => {
    const { workspace, fake } = world;
    expect(await workspace.getJob("1")).toEqual({ kind: "missing" });
    fake.control.adjust({ missingJob: 404 });
    expect(await workspace.getJob("1")).toEqual({ kind: "missing" });
    fake.control.adjust({ missingJob: 400 });
    const seen = await requestsOf(() =>
      expect(workspace.getJob("12x")).rejects.toMatchObject({ code: "input_invalid", exitCode: 65 }),
    );
    expect(seen).toEqual([]);
  });

  test("a proxy's 404 says nothing about the job", async () => {
    world.fake.control.addFault({ path: "/jobs/get$", fault: { kind: "html", status: 404 } });
    await expect(world.workspace.getJob("1")).rejects.toMatchObject({ code: "remote_error" });
  });

  test("a job of others is forbidden, with the grant to ask for; so are changes to it", async () => {
    const jobId = await world.workspace.createJob(tiny("private"));
    const { workspace } = world.openAs("anna-token");
    const answer = await workspace.getJob(jobId);
    expect(answer).toMatchObject({ kind: "forbidden", message: expect.stringContaining(`CAN_VIEW on job ${jobId}`) });
    await expect(workspace.resetJob(jobId, tiny("mine"))).rejects.toMatchObject({
      code: "forbidden",
      exitCode: 77,
      hint: expect.stringContaining(`CAN_MANAGE on job ${jobId}`),
    });
    await expect(workspace.deleteJob(jobId)).rejects.toMatchObject({ code: "forbidden" });
    expect((await all(workspace.listJobs({ name: "private" }))).length).toBe(0);
  });

  test("permissions are read and replaced", async () => {
    const { workspace } = world;
    const jobId = await workspace.createJob(tiny("shared"));
    await workspace.setPermissions(jobId, [
      { user_name: "admin@example.com", permission_level: "IS_OWNER" },
      { user_name: "anna@example.com", permission_level: "CAN_VIEW" },
    ]);
    const list = await workspace.getPermissions(jobId);
    expect(list.find((entry) => entry.user_name === "anna@example.com")?.all_permissions).toMatchObject([
      { permission_level: "CAN_VIEW" },
    ]);
    expect(await world.openAs("anna-token").workspace.getJob(jobId)).toMatchObject({ kind: "found" });
  });
});

describe("faults", () => {
  test("429 and 503 with Retry-After are waited out, for a creation too, which happens once", async () => {
    const { workspace, clock } = world.openAs("admin-token");
    const path = "/jobs/create$";
    world.fake.control.addFault({ path, fault: { kind: "status", status: 429, retryAfter: 3 } });
    world.fake.control.addFault({ path, nth: 2, fault: { kind: "status", status: 503, retryAfter: 5 } });
    const seen = await requestsOf(() => workspace.createJob(tiny("patient")), path);
    expect(seen.map(({ status }) => status)).toEqual([429, 503, 200]);
    expect(clock.slept).toEqual([3_000, 5_000]);
    expect(await all(workspace.listJobs({ name: "patient" }))).toHaveLength(1);
  });

  test.each(["drop-before", "drop-after", "malformed", "empty", "bare"] as const)(
    "an answer to a creation that is lost (%s) is never repeated",
    async (kind) => {
      const path = "/jobs/create$";
      world.fake.control.addFault({ path, fault: { kind } });
      const seen = await requestsOf(
        () =>
          expect(world.workspace.createJob(tiny(`lost ${kind}`))).rejects.toMatchObject({
            code: "unavailable",
            exitCode: 69,
            data: { sent: true },
          }),
        path,
      );
      expect(seen).toHaveLength(1);
      const made = await all(world.workspace.listJobs({ name: `lost ${kind}` }));
      expect(made).toHaveLength(kind === "drop-before" ? 0 : 1);
    },
  );

  test.each(["empty", "bare"] as const)("a job is not taken for one without settings (%s)", async (kind) => {
    const jobId = await world.workspace.createJob(tiny("there"));
    world.fake.control.addFault({ path: "/jobs/get$", fault: { kind } });
    await expect(world.workspace.getJob(jobId)).rejects.toMatchObject({ code: "unavailable", exitCode: 69 });
  });

  test("a workspace is not taken for empty by an answer without a word", async () => {
    world.fake.control.addFault({ path: "/jobs/list$", fault: { kind: "empty" } });
    await expect(all(world.workspace.listJobs({}))).rejects.toMatchObject({ code: "unavailable", exitCode: 69 });
  });

  test("a redirect is told with where it leads, and nothing is sent there", async () => {
    world.fake.control.addFault({ path: "/jobs/create$", fault: { kind: "redirect" } });
    await expect(world.workspace.createJob(tiny("elsewhere"))).rejects.toMatchObject({
      code: "remote_error",
      message: expect.stringContaining("redirected to /login.html"),
      hint: expect.stringContaining("Check the host"),
    });
    expect(await all(world.workspace.listJobs({ name: "elsewhere" }))).toEqual([]);
  });

  test.each(["drop-before", "drop-after"] as const)("a reset whose answer is lost (%s) is repeated", async (kind) => {
    const jobId = await world.workspace.createJob(tiny("before"));
    world.fake.control.addFault({ path: "/jobs/reset$", fault: { kind } });
    await world.workspace.resetJob(jobId, tiny("after"));
    expect((await settingsOf(world.workspace, jobId)).name).toBe("after");
  });

  test("a deletion whose answer is lost is repeated, and finds the job gone", async () => {
    const jobId = await world.workspace.createJob(tiny("going"));
    world.fake.control.addFault({ path: "/jobs/delete$", fault: { kind: "drop-after" } });
    await world.workspace.deleteJob(jobId);
    expect(await world.workspace.getJob(jobId)).toEqual({ kind: "missing" });
  });

  test("one job that is 403 leaves the others readable", async () => {
    const [first, second] = [
      await world.workspace.createJob(tiny("one")),
      await world.workspace.createJob(tiny("two")),
    ];
    world.fake.control.addFault({ path: "/jobs/get$", fault: { kind: "status", status: 403 } });
    expect((await world.workspace.getJob(first)).kind).toBe("forbidden");
    expect((await world.workspace.getJob(second)).kind).toBe("found");
  });

  test("a wrong token is unauthorized, says so once and keeps the token to itself", async () => {
    const { workspace } = world.openAs("wrong-token-canary");
    const seen = await requestsOf(async () => {
      const failure = await workspace.me().catch((error: unknown) => error as Error);
      expect(failure).toMatchObject({
        code: "unauthorized",
        exitCode: 77,
        hint: expect.stringContaining("auth kind pat"),
      });
      expect(JSON.stringify(failure) + (failure as Error).stack).not.toContain("canary");
    });
    expect(seen).toHaveLength(1);
  });
});

describe("lists", () => {
  test("350 jobs come whole and once, in 4 requests; 1,000 in 10; stopped after the first page, in 1", async () => {
    const crowd = await startFakeWorkspace();
    try {
      const jobs = (from: number, to: number) =>
        Array.from({ length: to - from }, (_, i) => ({ name: `j${from + i}`, tasks: [notebook("a"), notebook("b")] }));
      const count = async () => {
        crowd.fake.control.clearRequests();
        const found = await all(crowd.workspace.listJobs());
        expect(found.every((job) => job.settings.tasks?.length === 2)).toBe(true);
        return [new Set(found.map((job) => job.jobId)).size, crowd.fake.control.requests({}).length];
      };
      crowd.fake.control.seedJobs({ jobs: jobs(0, 350) });
      expect(await count()).toEqual([350, 4]);
      crowd.fake.control.seedJobs({ jobs: jobs(350, 1_000) });
      expect(await count()).toEqual([1_000, 10]);
      expect(crowd.clock.slept).toEqual([]);

      const stop = new AbortController();
      crowd.fake.control.clearRequests();
      const stopped = async () => {
        for await (const _ of crowd.workspace.listJobs({ signal: stop.signal })) stop.abort();
      };
      await expect(stopped()).rejects.toMatchObject({ code: "interrupted" });
      expect(crowd.fake.control.requests({})).toHaveLength(1);
    } finally {
      await crowd.fake.close();
    }
  });

  test("a name finds its job, whatever the case; an unknown one none", async () => {
    await world.workspace.createJob(tiny("Nightly Sales"));
    expect((await all(world.workspace.listJobs({ name: "nightly sales" }))).map((job) => job.settings.name)).toEqual([
      "Nightly Sales",
    ]);
    expect(await all(world.workspace.listJobs({ name: "nobody" }))).toEqual([]);
  });

  test("an empty workspace has no jobs; a big job deleted between list and get is left out", async () => {
    const empty = await startFakeWorkspace();
    try {
      expect(await all(empty.workspace.listJobs())).toEqual([]);
      const big = { name: "big", tasks: Array.from({ length: 101 }, (_, i) => notebook(`t${i}`)) };
      const { jobIds } = empty.fake.control.seedJobs({ jobs: [big, tiny("small")] });
      empty.fake.hook({
        after: ({ path }) => {
          if (path.endsWith("/jobs/list")) empty.fake.control.deleteJob({ jobId: jobIds[0] ?? "" });
        },
      });
      expect((await all(empty.workspace.listJobs())).map((job) => job.settings.name)).toEqual(["small"]);
    } finally {
      await empty.fake.close();
    }
  });
});
