/** An ingest may die between any two calls to the store, or be killed anywhere: made again, it ends with the same store. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ingestSource } from "../../src/lineage/ingest/ingest.ts";
import { seenEdgeDays } from "../../src/lineage/ingest/seen-edges.ts";
import type { EdgeSource, Seen } from "../../src/sources/evidence-source.ts";
import { openStore } from "../../src/store/open.ts";
import type { Store } from "../../src/store/transaction.ts";
import { systemClock } from "../../src/util/clock.ts";
import { jobRun, logLine } from "../access-logs.ts";
import { buildProgram } from "../build-program.ts";
import { sample } from "../sample.ts";
import { onBothStores } from "../stores.ts";

const seen = (day: string, jobId: string, table: string): Seen => ({
  edge: {
    day,
    from: { kind: "job", workspaceId: "1", jobId, title: jobId },
    to: { kind: "table", name: table },
    relation: "writes",
    attribution: "exclusive",
    requests: 1,
    runs: 1,
    firstAt: `${day}T01:00:00.000Z`,
    lastAt: `${day}T02:00:00.000Z`,
    confidence: 0.9,
  },
});

const UNITS: Record<string, Seen[]> = {
  a: [seen("2026-11-20", "1", "s.t"), seen("2026-11-21", "1", "s.t")],
  b: [seen("2026-11-21", "1", "s.t"), seen("2026-11-22", "2", "s.u")],
};
const SOURCE: EdgeSource = {
  name: "uc",
  kind: "unity-catalog",
  ruleset: "v1",
  evidence: "edges",
  list: async () => ({
    units: Object.keys(UNITS).map((key) => ({ key, digest: "1" })),
    cursor: "end",
    skipped: [],
  }),
  async *read(unit) {
    yield UNITS[unit.key] ?? [];
  },
};

class Death extends Error {}

/** A store that dies at its nth call, also inside of a transaction, and answers nothing from then on. */
function mortal(store: Store, lives: number): Store {
  let left = lives;
  const guarded = <T extends object>(door: T): T =>
    new Proxy(door, {
      get(target, name) {
        const member = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        return async (...given: unknown[]) => {
          if (left-- <= 0) throw new Death("killed");
          return Reflect.apply(member, target, given);
        };
      },
    });
  return {
    ...store,
    lineage: guarded(store.lineage),
    cursors: guarded(store.cursors),
    transaction: (work) =>
      store.transaction((doors) =>
        work({ ...doors, lineage: guarded(doors.lineage), cursors: guarded(doors.cursors) }),
      ),
  };
}

async function ingest(store: Store, pid: number) {
  const holder = { host: "here", pid, id: String(pid), isAlive: () => false };
  const setting = { store, clock: systemClock, holder, since: undefined, until: undefined };
  return ingestSource(
    { name: "uc", kind: "unity-catalog", open: () => SOURCE },
    async () => seenEdgeDays(SOURCE, async () => "1"),
    setting,
  );
}

/** Everything that a reader of the store sees, without ids and times of recording. */
async function content(store: Store, source: string): Promise<unknown> {
  const edges: string[] = [];
  for await (const edge of store.lineage.edgesAt("2026-11-30", 90)) {
    const nodes = await store.lineage.nodes([edge.from, edge.to]);
    const name = (id: number) => nodes.find((node) => node.id === id)?.name;
    const { edgeId: _id, from, to, ...counts } = edge;
    edges.push(JSON.stringify([name(from), name(to), counts]));
  }
  const days = await store.lineage.sourceDays(source);
  const units = [...(await store.lineage.units(source)).values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  return {
    edges: edges.sort(),
    days: days.map(({ day, version, ruleset }) => ({ day, version, ruleset })),
    units: units.map(({ key, days: of }) => ({ key, of })),
    cursor: (await store.cursors.find(`lineage/${source}`))?.value,
  };
}

await onBothStores("ingest that dies", (setting) => {
  it("between any two calls to the store ends the same when it is made again", async () => {
    const whole = await setting.open(await setting.target());
    await ingest(whole, 1);
    const wanted = await content(whole, "uc");
    let deaths = 0;
    for (let lives = 1; ; lives++) {
      const store = await setting.open(await setting.target());
      const died = await ingest(mortal(store, lives), 2).then(
        () => false,
        (error: unknown) => {
          if (error instanceof Death) return true;
          throw error;
        },
      );
      expect((await ingest(store, 3)).failed, `after ${lives} calls`).toBeNull();
      expect(await content(store, "uc"), `after ${lives} calls`).toEqual(wanted);
      if (!died) break;
      deaths += 1;
    }
    expect(deaths).toBeGreaterThan(15);
  }, 120_000);
});

const CLUSTER = "0914-000000-eie9s9ze";

function lake(cwd: string): void {
  mkdirSync(path.join(cwd, "logs"));
  writeFileSync(
    path.join(cwd, "headgate.yaml"),
    `version: 1
project: lake
workspaces: { main: { host: "https://adb-42.1.azuredatabricks.net", auth: { kind: pat, token: "\${env:TOKEN}" } } }
targets: { prod: { default: true, workspace: main } }
lineage:
  sources: [ { kind: storage-logs, path: logs } ]
  inventory: [ { kind: csv, path: tables.csv } ]
  runs: [runs.json]
`,
  );
  const tables = Array.from({ length: 20 }, (_, n) => `s,t${n},abfss://lake@acct.dfs.core.windows.net/t${n}`);
  writeFileSync(path.join(cwd, "tables.csv"), `schema,table,location\n${tables.join("\n")}\n`);
  const run = { job: 7, run: 70, name: "load", cluster: CLUSTER };
  const runs = [jobRun({ ...run, start: "2026-09-14T00:00:00Z", end: "2026-09-18T00:00:00Z" })];
  writeFileSync(path.join(cwd, "runs.json"), JSON.stringify({ runs }));
  for (let hour = 0; hour < 10; hour++) {
    const at = new Date(Date.UTC(2026, 8, 14, hour * 8, 10)).toISOString();
    const lines = Array.from({ length: 5 }, (_, n) =>
      logLine({ time: at, operation: "ReadFile", path: `lake/t${(hour + n) % 20}/x`, cluster: CLUSTER, bytes: 1 }),
    );
    writeFileSync(path.join(cwd, `logs/${hour}.json`), `${lines.join("\n")}\n`);
  }
}

let built: Awaited<ReturnType<typeof buildProgram>>;
beforeAll(async () => {
  built = await buildProgram("src/main.ts");
});
afterAll(() => built?.remove());

/** Runs the program; kills it after so many milliseconds. @returns its exit code, null when it was killed */
function program(cwd: string, killAfter?: number): Promise<number | null> {
  const args = [built.program, "lineage", "ingest", "--quiet", "--dir", cwd];
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, TOKEN: "none" }, stdio: "ignore" });
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfter);
  return new Promise((resolve) =>
    child.on("exit", (code) => {
      clearTimeout(timer);
      resolve(code);
    }),
  );
}

describe("an ingest that is killed", () => {
  it("anywhere ends the same when it is made again", async () => {
    const folders: string[] = [];
    const fresh = (): string => {
      const cwd = mkdtempSync(path.join(tmpdir(), "headgate-killed-"));
      folders.push(cwd);
      lake(cwd);
      return cwd;
    };
    const stored = async (cwd: string): Promise<unknown> => {
      const store = await openStore({ kind: "sqlite", path: path.join(cwd, ".headgate/state.db") });
      try {
        // times of change of the logs are not those of another folder
        return await content(store, "storage-logs");
      } finally {
        await store.close();
      }
    };
    try {
      const whole = fresh();
      const began = process.hrtime.bigint();
      expect(await program(whole)).toBe(0);
      const took = Number(process.hrtime.bigint() - began) / 1e6;
      const wanted = await stored(whole);
      for (const part of sample("moments of an ingest", [0.6, 0.8, 0.95], 1, 0.5)) {
        const cwd = fresh();
        await program(cwd, took * part);
        expect(await program(cwd), `killed after ${part} of it`).toBe(0);
        expect(await stored(cwd), `killed after ${part} of it`).toEqual(wanted);
      }
    } finally {
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    }
  }, 240_000);
});
