/** The whole demo against the real fake: what it counts is what happened, and nothing of it is left. */

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { leftToReal, sample } from "../../test/sample.ts";
import { openHeadgate } from "../app.ts";
import { HeadgateError } from "../errors.ts";
import { type DemoOptions, runDemo } from "./demo.ts";
import { chooseFolder } from "./folder.ts";
import type { DemoSummary } from "./summary.ts";

let cwd = "";
let lines: string[] = [];
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "headgate-demo-test-"));
  lines = [];
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const play = (options: Partial<DemoOptions>) =>
  runDemo({
    cwd,
    headless: true,
    signal: new AbortController().signal,
    write: (line) => lines.push(line),
    ...options,
  });
/** The fake's address, as the first line tells it. */
const hostOf = () => /http:\/\/\S+$/.exec(lines[0] ?? "")?.[0] ?? "";
const answers = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  );

function expectCounted(summary: DemoSummary, hanging: string): void {
  expect(summary.jobs).toEqual({ created: 12, noop: 12 });
  expect(summary.runs).toMatchObject({ failed: 1, late: 1, lost: 1 });
  expect(summary.lineage.edges).toBeGreaterThan(50);
  expect(Math.min(summary.lineage.precision, summary.lineage.recall)).toBeGreaterThanOrEqual(0.95);
  expect(summary.waves.count).toBeGreaterThan(2);
  const told = lines.join("\n");
  expect(told).toMatch(/gl post +Failed .* - post: batch 884 is in the ledger already/);
  expect(told).toMatch(new RegExp(`${hanging} +Stuck`));
  expect(told).toMatch(/nightly sales +Late, expected/);
  expect(told).toContain("marketing attribution: schedule.pause_status is PAUSED, declared UNPAUSED");
  expect(told).toContain("Plan: 1 to put back, 11 as declared.");
}

/** Times at which the demo ends, and who hangs then; a quiet morning is that of the demo that serves, below. */
const TIMES: [when: string, now: string, hanging: string][] = [
  ["just when the ledger is to be posted", "2026-11-23T02:00:00.500Z", "hr daily"],
  ["on a summer night, minutes after sales was due", "2026-07-14T01:34:00Z", "hr daily"],
  ["while HR loads", "2026-11-25T03:36:00Z", "inventory snapshot"],
];

describe("headgate demo --headless", { timeout: 300_000 }, () => {
  it.each(sample("times of the demo", TIMES, 1, 0.9))(
    "counts one failed, one late, one hanging: %s",
    async (_when, now, hanging) => {
      const summary = await play({ now: Date.parse(now) });
      expectCounted(summary, hanging);
      expect(readdirSync(cwd)).toEqual(["headgate-demo"]);
      expect(await answers(hostOf())).toBe(false);
      // all that it wrote is known to be its own
      expect(chooseFolder(cwd, undefined)).toBe(join(cwd, "headgate-demo"));
    },
  );

  it.each([
    ["before the jobs are made", /^Plan: /, /^Plan: 12 to create/],
    ["while the week passes", /^A week/, /\d runs? started$/],
  ])("stops when it is interrupted %s, and leaves a folder for the next one", async (_when, at, last) => {
    const stop = new AbortController();
    const write = (line: string) => {
      lines.push(line);
      if (at.test(line)) stop.abort(new HeadgateError("interrupted", "interrupted"));
    };
    await expect(play({ signal: stop.signal, write })).rejects.toMatchObject({ code: "interrupted" });
    expect(lines.at(-1)).toMatch(last);
    expect(await answers(hostOf())).toBe(false);
    expect(readdirSync(cwd)).toEqual(["headgate-demo"]);
    expect(chooseFolder(cwd, undefined)).toBe(join(cwd, "headgate-demo"));
  });

  it("does nothing where it is interrupted before it begins", async () => {
    const reason = new HeadgateError("interrupted", "interrupted");
    await expect(play({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect([lines, readdirSync(cwd)]).toEqual([[], []]);
  });
});

/** What the fake itself says of a run. */
interface FakeRun {
  run_name: string;
  state: { result_state?: string };
}

describe("headgate demo", { timeout: 300_000 }, () => {
  /** What a second terminal and a browser see while the demo serves. */
  async function lookAt(dir: string, page: string) {
    const second = await openHeadgate({ dir, exact: true, env: { DATABRICKS_RATE_LIMIT: "1000" } });
    try {
      const { summary } = await second.jobs.plan();
      const fleet = await second.jobs.list();
      const declared = new Set(fleet.items.map((row) => row.name));
      const token = JSON.parse(readFileSync(join(dir, ".headgate/serve-token"), "utf8")) as { token: string };
      const status = await fetch(
        `${page}/api/v1/runs/status?projectCode=SALES&processLoad=DAILY&processingDate=2026-11-20`,
        { headers: { authorization: `Bearer ${token.token}` } },
      );
      const told = (await status.json()) as { causes: { causes: { kind: string; sentence: string }[] }[] };
      const runs = (await (await fetch(`${hostOf()}/_fake/runs`)).json()) as FakeRun[];
      const results = runs.filter((run) => declared.has(run.run_name)).map((run) => run.state.result_state);
      return {
        plan: { noop: summary.noop, update: summary.update, drift: summary.drift },
        unmanaged: fleet.unmanaged.items.map((job) => job.name),
        done: results.filter((result) => result === "SUCCESS").length,
        failed: results.filter((result) => result === "FAILED").length,
        page: (await fetch(`${page}/healthz`)).status,
        tables: told.causes.flatMap(({ causes }) =>
          causes.filter(({ kind }) => kind === "table").map(({ sentence }) => sentence),
        ),
      };
    } finally {
      await second.close();
    }
  }

  it.skipIf(leftToReal("the demo that serves"))(
    "serves the page and a workspace for a second terminal, and stops both",
    async () => {
      const stop = new AbortController();
      let page = "";
      const seen: Awaited<ReturnType<typeof lookAt>>[] = [];
      const faults: unknown[] = [];
      const summary = await play({
        headless: false,
        port: 0,
        signal: stop.signal,
        now: Date.parse("2026-11-20T06:31:00Z"),
        onServing: ({ url, dir }) => {
          page = url;
          lookAt(dir, url)
            .then(
              (found) => seen.push(found),
              (error: unknown) => faults.push(error),
            )
            .finally(() => stop.abort());
        },
      });
      expect(faults).toEqual([]);
      expectCounted(summary, "hr daily");
      expect(seen).toEqual([
        {
          plan: { noop: 11, update: 1, drift: 1 },
          unmanaged: ["till reconcile", "tmp backfill orders"],
          done: summary.runs.done,
          failed: summary.runs.failed,
          page: 200,
          // whom the job that did not start feeds, and what it said of itself last
          tables: [
            expect.stringMatching(
              /^retail\.silver\.customers was last written 1 d 0[0-9] h ago by customers scd2, which waits to run$/,
            ),
            expect.stringMatching(
              /^retail\.silver\.orders was last written 1 d 0[0-9] h ago by nightly sales, which waits to run$/,
            ),
          ],
        },
      ]);
      expect(await answers(page)).toBe(false);
      expect(await answers(hostOf())).toBe(false);
      expect(existsSync(join(cwd, "headgate-demo/.headgate/serve-token"))).toBe(false);
    },
  );

  it("says at once that a port is in use, and writes nothing", async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) =>
      other.listen(0, "127.0.0.1", () => resolve((other.address() as { port: number }).port)),
    );
    try {
      await expect(play({ headless: false, port })).rejects.toMatchObject({
        code: "usage",
        message: `port ${port} is in use on this machine`,
      });
      expect([lines, readdirSync(cwd)]).toEqual([[], []]);
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });
});
