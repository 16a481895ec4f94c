import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createToken } from "../access/tokens.ts";
import { openStore } from "../store/open.ts";
import { systemClock } from "../util/clock.ts";
import { plainJobs, plainWorld, row } from "./testing/plain-jobs.ts";
import { ask, post, start, stopAll, until } from "./testing/start.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headgate-store-"));
});
afterEach(async () => {
  await stopAll();
  await rm(folder, { recursive: true, force: true });
});

const open = () => openStore({ kind: "sqlite", path: join(folder, "state.db") });
const world = () => plainWorld([row("nightly"), row("hourly")]);
const settings = { apply: true };

test("plans, applies, tokens and the audit trail outlive a server", async () => {
  const before = await open();
  const first = await start({ world: world(), settings, deps: { store: before } });
  const { token } = await createToken(before.access, systemClock, { name: "ci", scopes: ["apply"], by: "anna" });
  const headers = { authorization: `Bearer ${token}` };
  const made = await post(first, "/api/v1/plans", {}, { headers });
  const { id } = (await post(first, `${made.headers.location}/apply`, {}, { headers })).json();
  const ended = await until(
    async () => (await ask(first, `/api/v1/applies/${id}`)).json(),
    (apply) => apply.state === "done",
  );
  await first.close();
  await before.close();

  const after = await open();
  const second = await start({ world: world(), settings, deps: { store: after } });
  expect((await ask(second, String(made.headers.location))).json()).toEqual(made.json());
  expect((await ask(second, `/api/v1/applies/${id}`)).json()).toEqual(ended);
  expect((await post(second, "/api/v1/plans", {}, { headers })).status).toBe(201);
  const trail = (await after.access.listAudit()).map((one) => `${one.actor} ${one.action} ${one.result}`);
  expect(trail.filter((one) => one === "token ci createPlan ok")).toHaveLength(2);
  expect(trail).toContain("token ci applyPlan started");
  await second.close();
  await after.close();
});

test("two servers on one store: what one makes, the other shows and applies", async () => {
  const stores = await Promise.all([open(), open()]);
  const [one, two] = await Promise.all(stores.map((store) => start({ world: world(), settings, deps: { store } })));
  if (one === undefined || two === undefined) throw new Error("two servers were started");
  const made = await Promise.all(
    Array.from({ length: 10 }, (_, n) => post(n % 2 === 0 ? one : two, "/api/v1/plans", {})),
  );
  for (const plan of made) {
    expect(plan.status).toBe(201);
    for (const server of [one, two])
      expect((await ask(server, String(plan.headers.location))).json()).toEqual(plan.json());
  }
  const started = await post(two, `${made[0]?.headers.location}/apply`, {});
  await until(
    async () => (await ask(one, `/api/v1/applies/${started.json().id}`)).json(),
    (apply) => apply.state === "done",
  );
  await stopAll();
  await Promise.all(stores.map((store) => store.close()));
});

test("an apply whose server died reads as interrupted once it has been silent long enough", async () => {
  const store = await open();
  const stuck = world();
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  stuck.pause = () => released;
  let ahead = 0;
  const clock = { ...systemClock, now: () => Date.now() + ahead };
  const dying = await start({ world: stuck, settings, deps: { store, jobs: plainJobs(stuck) } });
  const made = await post(dying, "/api/v1/plans", {});
  const { id } = (await post(dying, `${made.headers.location}/apply`, {})).json();
  const other = await start({ world: world(), settings, deps: { store, clock } });
  const read = async () => (await ask(other, `/api/v1/applies/${id}`)).json();
  expect(await read()).toMatchObject({ state: "running" });
  ahead = 15 * 60_000;
  expect(await read()).toMatchObject({
    state: "interrupted",
    error: { code: "interrupted" },
    items: [{ state: "skipped" }, {}],
  });
  release();
  await stopAll();
  await store.close();
});

test("neither tokens nor login codes are in the store's files", async () => {
  const store = await open();
  const server = await start({ world: world(), deps: { store } });
  const { token } = await createToken(store.access, systemClock, { name: "ci", scopes: ["write"], by: "anna" });
  const link = new URL(server.loginUrl);
  await ask(server, link.pathname + link.search);
  await post(server, "/api/v1/plans", {}, { headers: { authorization: `Bearer ${token}` } });
  await server.close();
  await store.close();
  for (const name of await readdir(folder)) {
    const bytes = await readFile(join(folder, name));
    for (const secret of [token, server.token, String(link.searchParams.get("code"))]) {
      expect(bytes.includes(secret), name).toBe(false);
    }
  }
});
