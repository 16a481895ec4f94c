/** The edges of a lake whose truth is known, scored as `../shared/data/storage-logs/README.md` says. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openDuckdb } from "../../src/engines/duckdb/open.ts";
import type { Attributed } from "../../src/lineage/attribute/attribute.ts";
import { attributeLogs } from "../../src/lineage/attribute/room.ts";
import { readDumps } from "../../src/sources/dumps.ts";
import { findStorageLogs } from "../../src/sources/lineage/storage-logs/find.ts";

const WORLD = path.resolve(import.meta.dirname, "../../../shared/data/storage-logs");
const there = existsSync(WORLD);
if (!there) console.log(`skipped: ${WORLD} is not there`);

interface TrueEdge {
  job_name: string | null;
  table?: string;
  access: string;
  job_attribution: string;
  evidence: string;
  identifiable: boolean;
  candidates: { job_id: number }[];
  job_id: number;
}

async function attributeWorld(): Promise<Attributed> {
  const engine = await openDuckdb();
  try {
    const logs = await findStorageLogs([WORLD]);
    const dumps = await readDumps([path.join(WORLD, "api"), path.join(WORLD, "inventory")]);
    expect(dumps.skipped).toEqual([]);
    return await attributeLogs(engine, { files: logs.files }, dumps);
  } finally {
    engine.close();
  }
}

const keyOf = (job: string, table: string, access: string): string => `${job} ${access}s ${table}`;

describe.skipIf(!there)("a lake with known truth", () => {
  let truth: TrueEdge[] = [];
  let found: Attributed;
  /** Sure edges that are scored, by job name as the truth writes it. */
  let sure: Set<string>;

  beforeAll(async () => {
    truth = readFileSync(path.join(WORLD, "truth/edges.ndjson"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as TrueEdge);
    found = await attributeWorld();
    const names = [...new Set(truth.flatMap(({ job_name }) => job_name ?? []))];
    // a submitted run is called ADF_<factory>_<activity>_<guid>
    const named = (name: string | null): string => names.find((one) => name?.includes(one)) ?? `${name}`;
    sure = new Set(
      found.edges.flatMap(({ jobId, jobName, table, access }) =>
        jobId !== null && table !== null && (access === "read" || access === "write")
          ? [keyOf(named(jobName), table, access)]
          : [],
      ),
    );
  });

  it("gives every identifiable edge and none that is false", () => {
    const ofTables = truth.filter((edge) => edge.table !== undefined && edge.job_name !== null);
    const demanded = new Set<string>();
    const allowed = new Set<string>();
    for (const { job_name, table, access, identifiable } of ofTables) {
      const [job, name] = [`${job_name}`, `${table}`];
      if (access === "read" || access === "write") allowed.add(keyOf(job, name, access));
      if ((access === "read" || access === "write") && identifiable) demanded.add(keyOf(job, name, access));
      if (access === "maintenance") for (const one of ["read", "write"]) allowed.add(keyOf(job, name, one));
      if (access === "metadata") allowed.add(keyOf(job, name, "read"));
    }
    const missed = [...demanded].filter((edge) => !sure.has(edge));
    const wrong = [...sure].filter((edge) => !allowed.has(edge));
    console.log(
      `storage-logs: ${demanded.size - missed.length} of ${demanded.size} identifiable edges found, ${wrong.length} of ${sure.size} sure edges false`,
    );
    expect({ missed, wrong }).toEqual({ missed: [], wrong: [] });
  });

  it("answers what only several jobs explain with candidates that hold the true one", () => {
    const ambiguous = truth.filter((edge) => edge.job_attribution === "ambiguous" && edge.evidence === "data");
    expect(ambiguous.length).toBeGreaterThan(0);
    for (const edge of ambiguous) {
      const answers = found.edges.filter(
        (one) => one.jobId === null && one.table === edge.table && one.access === edge.access,
      );
      const jobs = answers.flatMap(({ candidates }) => candidates.map(({ jobId }) => jobId));
      expect(jobs, `${edge.job_name} ${edge.access} ${edge.table}`).toContain(`${edge.job_id}`);
    }
  });

  it("is the same to the byte when it is done again", async () => {
    expect(JSON.stringify(await attributeWorld())).toBe(JSON.stringify(found));
  });

  it("tells tables that cannot be seen from tables that nobody uses", () => {
    expect(found.coverage.blind.map(({ table }) => table)).toEqual(["dbfsroot.calendar"]);
    expect(found.coverage.unused).toEqual(["ctl.dead_path", "ctl.never_used"]);
  });
});
