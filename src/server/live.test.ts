import { connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createToken, revokeToken } from "../access/tokens.ts";
import { systemClock } from "../util/clock.ts";
import { forgetSecrets, rememberSecret } from "../util/redact.ts";
import { createLive, type LiveReader } from "./live.ts";
import { fleetOf, plainWorld, row } from "./testing/plain-jobs.ts";
import { ask, listen, post, start, stopAll, until } from "./testing/start.ts";

afterEach(stopAll);

describe("over HTTP", () => {
  test("a stream starts with hello, keeps open with comments, and ends with bye", async () => {
    const server = await start({ live: { heartbeatMs: 10 } });
    const events = await listen(server);
    expect((await events.next("hello")).data).toMatchObject({ version: "0.1.0" });
    expect((await events.next(":")).data).toBe(": still here");
    await events.next(":");
    const closed = server.close();
    expect((await events.next("bye")).data).toEqual({ reason: "stopping" });
    await events.ended;
    await closed;
  });

  test("a stream that comes back gets what it missed, in order, once", async () => {
    const server = await start();
    const first = await listen(server);
    await first.next("hello");
    await post(server, "/api/v1/plans", {});
    const seen = await first.next("plan");
    first.close();
    const missed: unknown[] = [];
    for (let n = 0; n < 3; n++) missed.push((await post(server, "/api/v1/plans", {})).json().id);
    const second = await listen(server, { "last-event-id": String(seen.id) });
    const got: unknown[] = [];
    for (let n = 0; n < 3; n++) got.push(((await second.next("plan")).data as { id: string }).id);
    expect(got).toEqual(missed);
    await post(server, "/api/v1/plans", {});
    expect(Number((await second.next("plan")).id?.split(".")[1])).toBe(Number(seen.id?.split(".")[1]) + 4);
    second.close();
  });

  test("the id of hello can be come back with, though nothing has happened yet", async () => {
    const server = await start();
    await until(
      () => ask(server, "/api/v1/jobs"),
      (answer) => answer.status === 200,
    );
    const first = await listen(server);
    const { id } = await first.next("hello");
    first.close();
    const made = await post(server, "/api/v1/plans", {});
    const second = await listen(server, { "last-event-id": String(id) });
    expect((await second.next("plan")).data).toMatchObject({ id: made.json().id });
    second.close();
  });

  test("what is gone from memory, or came from an earlier server, is a reset", async () => {
    const server = await start({ live: { ringSize: 2 } });
    const first = await listen(server);
    await first.next("hello");
    await post(server, "/api/v1/plans", {});
    const { id } = await first.next("plan");
    for (let n = 0; n < 4; n++) await post(server, "/api/v1/plans", {});
    const late = await listen(server, { "last-event-id": String(id) });
    expect((await late.next("reset")).data).toEqual({ reason: "too_old" });
    for (const strange of ["00000000.3", "nonsense", "3", `${String(id).split(".")[0]}.x`]) {
      const other = await listen(server, { "last-event-id": strange });
      expect((await other.next("reset")).data).toEqual({ reason: "restarted" });
      other.close();
    }
    first.close();
    late.close();
  });

  test("the fleet tells which jobs changed, and says nothing when none did", async () => {
    const world = plainWorld([row("a"), row("b"), row("c")]);
    const server = await start({ world, intervalMs: 5 });
    await ask(server, "/api/v1/jobs");
    const events = await listen(server);
    await events.next("hello");
    world.fleet = async () => ({
      ...fleetOf([row("a"), row("b", { verdict: { state: "failed", text: "Failed" } })]),
      asOf: new Date().toISOString(),
    });
    expect((await events.next("fleet")).data).toMatchObject({ changed: ["b", "c"], more: false });
    const numbers = async () => (await ask(server, "/metrics")).text;
    const reads = (text: string) => Number(/headgate_fleet_reads_total\{result="ok"\} (\d+)/.exec(text)?.[1]);
    const before = reads(await numbers());
    await until(numbers, (text) => reads(text) > before + 3);
    await post(server, "/api/v1/plans", {});
    // The next event after the change is the plan: no reading in between was told.
    const { id } = await events.next("plan");
    expect(id?.split(".")[1]).toBe("3");
    events.close();
  });

  test("revoking its token ends a stream", async () => {
    const server = await start({ live: { heartbeatMs: 10 } });
    const { token } = await createToken(server.store.access, systemClock, { name: "ci", scopes: ["read"], by: "t" });
    const events = await listen(server, { authorization: `Bearer ${token}` });
    await events.next(":");
    await revokeToken(server.store.access, systemClock, "ci");
    expect((await events.next("bye")).data).toEqual({ reason: "signed_out" });
    await events.ended;
  });

  test("too many streams are refused; one that leaves makes room", async () => {
    const server = await start({ live: { mostStreams: 1 } });
    const first = await listen(server);
    await first.next("hello");
    const refused = await ask(server, "/api/v1/events");
    expect([refused.status, refused.json().code]).toEqual([503, "too_many_streams"]);
    first.close();
    const second = await until(
      () => listen(server).catch(() => undefined),
      (stream) => stream !== undefined,
    );
    second?.close();
  });

  test("secrets are masked in events", async () => {
    rememberSecret("canary-secret-3");
    try {
      const server = await start({ deps: { actor: "canary-secret-3" } });
      const events = await listen(server);
      await events.next("hello");
      await post(server, "/api/v1/plans", {});
      expect((await events.next("plan")).data).toMatchObject({ actor: "***" });
      events.close();
    } finally {
      forgetSecrets();
    }
  });

  test("who does not read is dropped, and costs no memory until then", async () => {
    const world = plainWorld([row("nightly")]);
    const server = await start({
      world,
      live: { pendingBytes: 20_000, ringSize: 5 },
      deps: { actor: "x".repeat(50_000) },
    });
    const socket = connect(server.port, "127.0.0.1", () =>
      socket.write("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    );
    socket.pause();
    const streams = async () => Number(/headgate_live_streams (\d+)/.exec((await ask(server, "/metrics")).text)?.[1]);
    const gone = new Promise<void>((resolve) => socket.on("error", () => resolve()).on("close", () => resolve()));
    await until(streams, (count) => count === 1);
    await until(
      async () => {
        await post(server, "/api/v1/plans", {});
        return streams();
      },
      (count) => count === 0,
    );
    expect((await ask(server, "/metrics")).text).toContain("headgate_live_dropped 1");
    socket.destroy();
    await gone;
  });
});

test("the ring holds no more than its size, and a reader that is gone gets nothing", () => {
  const live = createLive({ ringSize: 3 });
  const read: string[] = [];
  const reader: LiveReader = {
    write: (bytes) => void read.push(Buffer.from(bytes).toString()),
    waiting: () => 0,
    end: () => undefined,
    drop: () => undefined,
  };
  const hello = { version: "1", at: "now" };
  const stillAllowed = async () => true;
  const leave = live.open({ reader, lastEventId: undefined, hello, stillAllowed });
  const boot = /id: (\w+)\.0/.exec(read.join(""))?.[1];
  leave();
  read.length = 0;
  for (let n = 1; n <= 10; n++) live.publish("hello", { version: String(n), at: "now" });
  expect(read).toEqual([]);
  live.open({ reader, lastEventId: `${boot}.7`, hello, stillAllowed });
  expect(read.join("").match(/"version":"\d+"/g)).toEqual([
    '"version":"1"',
    '"version":"8"',
    '"version":"9"',
    '"version":"10"',
  ]);
  live.close();
  expect(live.accepting).toBe(false);
});
