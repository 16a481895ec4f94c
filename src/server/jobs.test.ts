import { afterEach, describe, expect, test } from "vitest";
import { HeadgateError } from "../errors.ts";
import { forgetSecrets, rememberSecret } from "../util/redact.ts";
import { JobsAnswer, ROUTES } from "./api.ts";
import { plainWorld, row } from "./testing/plain-jobs.ts";
import { ask, post, start, stopAll, until } from "./testing/start.ts";

afterEach(stopAll);

describe("the fleet", () => {
  test("filters, counts and pages", async () => {
    const rows = Array.from({ length: 25 }, (_, n) =>
      row(`job_${String(n).padStart(2, "0")}`, {
        verdict: n < 3 ? { state: "failed", text: "Failed" } : { state: "ok", text: "Done" },
        difference: n === 5 ? { kind: "drift", fields: 1, text: "drift" } : { kind: "same", fields: 0, text: "" },
        tags: n % 2 === 0 ? ["team:finance"] : ["team:retail"],
        source: n < 20 ? "files" : "control",
        jobId: n === 9 ? null : String(700 + n),
      }),
    );
    const server = await start({ world: plainWorld(rows) });
    const first = JobsAnswer.parse((await ask(server, "/api/v1/jobs?limit=10")).json());
    expect([first.count, first.items.length, first.counts]).toEqual([25, 10, { all: 25, needYou: 3, differ: 1 }]);
    expect(first.facets).toEqual({
      verdict: { failed: 3, ok: 22 },
      difference: { drift: 1, same: 24 },
      tag: { "team:finance": 13, "team:retail": 12 },
      source: { control: 5, files: 20 },
    });
    const seen = first.items.map((one) => one.resource);
    for (let next = first.next; next !== null; ) {
      const page = JobsAnswer.parse((await ask(server, `/api/v1/jobs?limit=10&cursor=${next}`)).json());
      seen.push(...page.items.map((one) => one.resource));
      next = page.next;
    }
    expect(seen).toEqual(rows.map((one) => one.resource));

    const count = async (query: string) => (await ask(server, `/api/v1/jobs?${query}`)).json().count;
    expect(await count("verdict=failed,late")).toBe(3);
    expect(await count("difference=drift")).toBe(1);
    expect(await count("tag=team:retail&source=control")).toBe(2);
    expect(await count("list=need_you")).toBe(3);
    expect(await count("list=differ")).toBe(1);
    expect(await count("q=JOB%2007")).toBe(1);
    expect(await count("q=nothing")).toBe(0);
    expect(await count("jobId=703,724,999")).toBe(2);
  });

  test("a page goes on after the row it ended with, though the order changed", async () => {
    const world = plainWorld(["a", "b", "c", "d"].map((name) => row(name)));
    const server = await start({ world, intervalMs: 10 });
    const { next } = (await ask(server, "/api/v1/jobs?limit=2")).json();
    const { fleet } = plainWorld(["d", "a", "b", "c"].map((name) => row(name)));
    world.fleet = fleet;
    const names = (answer: Record<string, unknown>) => JobsAnswer.parse(answer).items.map((one) => one.resource);
    await until(
      async () => names((await ask(server, "/api/v1/jobs")).json())[0],
      (name) => name === "d",
    );
    expect(names((await ask(server, `/api/v1/jobs?limit=2&cursor=${next}`)).json())).toEqual(["c"]);
  });

  test("misspelt and wrong queries are answered with what is right", async () => {
    const server = await start();
    const near = await ask(server, "/api/v1/jobs?verdct=failed");
    expect([near.status, near.json().code, near.json().hint]).toEqual([422, "input_invalid", "Did you mean verdict?"]);
    for (const query of ["limit=0", "limit=501", "limit=x", "cursor=zzz", "list=some"]) {
      expect((await ask(server, `/api/v1/jobs?${query}`)).json().code).toBe("input_invalid");
    }
  });

  test("the last fleet stays when the workspace goes away, and the status says so", async () => {
    const world = plainWorld([row("nightly")]);
    const server = await start({ world, intervalMs: 10 });
    expect((await ask(server, "/api/v1/jobs")).json().count).toBe(1);
    world.fleet = async () => {
      throw new HeadgateError("unavailable", "The workspace does not answer");
    };
    const status = await until(
      async () => (await ask(server, "/api/v1/status")).json(),
      (value) => value.workspaceReachable === false,
    );
    expect(status).toMatchObject({ error: "The workspace does not answer", lastReadAt: expect.any(String) });
    expect((await ask(server, "/api/v1/jobs")).json().count).toBe(1);
    expect((await ask(server, "/healthz")).json()).toMatchObject({ ready: true, parts: { workspace: "unavailable" } });
  });

  test("with no fleet yet the reason is told", async () => {
    const world = plainWorld([]);
    world.fleet = async () => {
      throw new HeadgateError("unauthorized", "The workspace refused the token", { hint: "Make a new one." });
    };
    const server = await start({ world });
    const answer = await ask(server, "/api/v1/jobs");
    // 502 and not 401: it is the server whose credentials were refused, not the caller.
    expect([answer.status, answer.json().code, answer.json().hint]).toEqual([502, "unauthorized", "Make a new one."]);
  });

  test("it is never read twice at a time", async () => {
    const world = plainWorld([row("nightly")]);
    const read = world.fleet;
    let now = 0;
    let most = 0;
    let reads = 0;
    world.fleet = async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 3));
      now--;
      reads++;
      return read();
    };
    const server = await start({ world, intervalMs: 0 });
    await Promise.all(Array.from({ length: 20 }, () => ask(server, "/api/v1/jobs")));
    await until(
      () => reads,
      (count) => count >= 5,
    );
    expect(most).toBe(1);
  });
});

describe("one job", () => {
  test("integers beyond 2^53 arrive whole, as text", async () => {
    const server = await start();
    const answer = await ask(server, "/api/v1/jobs/nightly");
    expect(answer.json()).toMatchObject({
      row: { jobId: "9007199254740993" },
      desired: { job_clusters: [{ size: "12345678901234567890" }] },
    });
  });

  test("history is a list in an object", async () => {
    const server = await start();
    expect((await ask(server, "/api/v1/jobs/nightly/history")).json()).toMatchObject({ count: 1, next: null });
  });

  test("an unknown one is 404 with the nearest name, an odd one is no trouble", async () => {
    const server = await start();
    const answer = await ask(server, "/api/v1/jobs/nigtly");
    expect([answer.status, answer.json().code, answer.json().hint]).toEqual([
      404,
      "not_found",
      "Did you mean nightly?",
    ]);
    expect(answer.headers["content-type"]).toBe("application/problem+json");
    for (const odd of ["..%2f..%2fetc%2fpasswd", "a%00b", "%F0%9F%92%A9", "x".repeat(600)]) {
      expect([404, 422]).toContain((await ask(server, `/api/v1/jobs/${odd}`)).status);
    }
  });
});

describe("problems", () => {
  test("an unknown path is 404 with the nearest route", async () => {
    const server = await start();
    const answer = await ask(server, "/api/v1/job");
    expect([answer.status, answer.json().hint]).toEqual([404, "Did you mean /api/v1/jobs?"]);
  });

  test("what was not foreseen tells nothing but where to look, in answer and log alike", async () => {
    rememberSecret("canary-secret-1");
    try {
      const world = plainWorld([row("nightly")]);
      world.plan = async () => {
        throw new Error("connect postgres://user:canary-secret-1@db failed");
      };
      const server = await start({ world });
      const answer = await post(server, "/api/v1/plans", {});
      expect(answer.status).toBe(500);
      expect(answer.text).not.toMatch(/canary|postgres|Error|\.ts/);
      const { requestId } = answer.json();
      expect(answer.headers["x-request-id"]).toBe(requestId);
      const line = server
        .log()
        .split("\n")
        .find((one) => one.includes(String(requestId)) && one.includes("postgres"));
      expect(line).toContain("***");
      expect(server.log()).not.toContain("canary-secret-1");
    } finally {
      forgetSecrets();
    }
  });

  test("a secret that reached an answer, an error or an event by mistake is masked", async () => {
    rememberSecret("canary-secret-2");
    try {
      const world = plainWorld([row("nightly", { name: "uses canary-secret-2" })]);
      const server = await start({ world });
      const text = (await ask(server, "/api/v1/jobs")).text;
      expect(text).toContain("uses ***");
      world.plan = async () => {
        throw new HeadgateError("declaration_invalid", "bad value canary-secret-2", { hint: "not canary-secret-2" });
      };
      const answer = await post(server, "/api/v1/plans", {});
      expect(answer.status).toBe(422);
      expect(answer.text).not.toContain("canary-secret-2");
      expect(server.log()).not.toContain("canary-secret-2");
    } finally {
      forgetSecrets();
    }
  });

  test("login codes, tokens and query strings are in no log", async () => {
    const server = await start();
    const link = new URL(server.loginUrl);
    await ask(server, link.pathname + link.search);
    await post(server, "/api/v1/plans?x=1", {});
    expect(server.log()).toContain('"/login"');
    expect(server.log()).not.toContain(link.searchParams.get("code"));
    expect(server.log()).not.toContain(server.token);
    expect(server.log()).not.toContain("x=1");
  });
});

test("every answer carries the security fields, and API answers are not kept", async () => {
  const server = await start();
  for (const path of ["/", "/api/v1/status", "/api/v1/nothing", "/healthz", "/login?code=x"]) {
    const { headers } = await ask(server, path);
    expect(headers["content-security-policy"]).toContain("script-src 'self'");
    expect(headers["content-security-policy"]).not.toMatch(/script-src[^;]*unsafe/);
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
    expect(headers["referrer-policy"]).toBe("no-referrer");
  }
  expect((await ask(server, "/api/v1/status")).headers["cache-control"]).toBe("no-store");
});

test("every GET answers in the shape its route promises", async () => {
  const server = await start();
  const made = await post(server, "/api/v1/plans", {});
  const paths = {
    getStatus: "/api/v1/status",
    getSession: "/api/v1/session",
    listJobs: "/api/v1/jobs",
    getJob: "/api/v1/jobs/nightly",
    getJobHistory: "/api/v1/jobs/nightly/history",
    getPlan: String(made.headers.location),
  } as const;
  for (const [name, path] of Object.entries(paths)) {
    const answer = await ask(server, path);
    expect([name, answer.status, answer.headers["content-type"]]).toEqual([name, 200, "application/json"]);
    const schema = ROUTES[name as keyof typeof paths].answer;
    expect(schema.safeParse(answer.json()).error, name).toBeUndefined();
    const head = await ask(server, path, { method: "HEAD" });
    expect([head.status, head.text]).toEqual([200, ""]);
  }
});
