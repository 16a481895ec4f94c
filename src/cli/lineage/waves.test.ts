import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cli } from "../../../test/run-cli.ts";
import { waveCapacity } from "./wave-capacity.ts";

const edge = (jobId: string, jobName: string, access: string, table: string): string =>
  JSON.stringify({ jobId, jobName, table, access, candidates: [], lastSeen: "2026-09-14T01:00:00.000Z", runs: 3 });
const EDGES = [
  edge("11", "ingest", "write", "raw.orders"),
  edge("12", "refine", "read", "raw.orders"),
  edge("12", "refine", "write", "sales.orders"),
  edge("13", "report", "read", "sales.orders"),
];

let cwd = "";
const write = (name: string, text: string): void => writeFileSync(path.join(cwd, name), text);
beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), "headgate-waves-"));
  write("edges.ndjson", `${EDGES.join("\n")}\n\n`);
  write(
    "tables.csv",
    "schema,table,location,size_in_bytes\nraw,orders,abfss://a@b.net/o,2500000\nref,fx,abfss://a@b.net/f,\n",
  );
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe("headgate lineage waves", () => {
  it("shows waves, groups with their reasons, and sizes", async () => {
    const ran = await cli(["lineage", "waves", "--inventory", "tables.csv"], { cwd });
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toBe(
      [
        "3 waves for 3 jobs and 3 tables in 4 groups",
        "wave  groups  jobs  tables    size",
        "   1       2     1       2  2.5 MB",
        "   2       1     1       1     0 B",
        "   3       1     1       0     0 B",
        "",
        "wave 1",
        "  ingest + raw.orders",
        "    a job moves with the table it writes; reads nothing that another group writes; writes raw.orders, which is read by 1 job of later waves",
        "  1 table that nobody writes: ref.fx",
        "",
        "wave 2",
        "  refine + sales.orders",
        "    a job moves with the table it writes; job refine reads raw.orders, written by job ingest in wave 1; writes sales.orders, which is read by 1 job of later waves",
        "",
        "wave 3",
        "  report",
        "    job report reads sales.orders, written by job refine in wave 2",
        "",
      ].join("\n"),
    );
  });

  it("gives the same JSON for the same lines in another order, also from the input", async () => {
    const one = await cli(["lineage", "waves", "--json"], { cwd });
    const stdin = Readable.from([Buffer.from([...EDGES].reverse().join("\n"))]);
    const other = await cli(["lineage", "waves", "--edges", "-", "--json"], { cwd, stdin });
    expect(other.stdout).toBe(one.stdout);
    expect(JSON.parse(one.stdout)).toMatchObject({
      waves: [
        { number: 1, groups: [{ jobs: [{ id: "11", name: "ingest" }], tables: ["raw.orders"], constraint: "hard" }] },
        { number: 2 },
        { number: 3 },
      ],
      blockers: [],
      hubs: [],
      cut: [],
    });
  });

  it("reads pins whose ids are not in quotes, shows blockers, what is left out and frozen", async () => {
    write(
      "pins.yml",
      "pins: { jobs: { 13: 1, 9007199254740993: 2 }, tables: { raw.orders: exclude }, freeze: [ { from: 2026-12-15, to: 2027-01-05 } ] }\n",
    );
    const ran = await cli(["lineage", "waves", "--pins", "pins.yml"], { cwd });
    expect(ran.stdout).toContain("pins ask for job 13 to wave 1, but job report reads sales.orders");
    expect(ran.stdout).toContain("the pins name job 9007199254740993, which no edge names");
    expect(ran.stdout).toContain("left out by pins: raw.orders");
    expect(ran.stdout).toContain("  2026-12-15 to 2027-01-05");
  });

  it.each<[string, string, string]>([
    [
      "a wave that is no number",
      "pins: { jobs: { a: soon } }",
      "pins.jobs.a: a pin is the number of a wave, from 1, or exclude",
    ],
    [
      "a day that is none",
      "pins: { freeze: [{ from: 2026-02-30, to: 2026-03-01 }] }",
      "pins.freeze.0.from: write a day",
    ],
    ["a freeze that ends before it begins", "pins: { freeze: [{ from: 2026-03-02, to: 2026-03-01 }] }", "ends before"],
    ["a key that is not known", "pins: { job: {} }", "pins: "],
    ["a key that is there twice", "pins:\n  jobs: { a: 1, a: 2 }", "bad.yml:2: "],
    ["no pins", "jobs: {}", "bad.yml has no pins"],
    ["no YAML", "pins: { jobs: [", "bad.yml:1: "],
  ])("refuses pins with %s", async (_what, text, message) => {
    write("bad.yml", text);
    const ran = await cli(["lineage", "waves", "--pins", "bad.yml"], { cwd });
    expect(ran.code).toBe(65);
    expect(ran.stderr).toContain(message);
  });

  it("names the line that is no edge, and the file that is not there", async () => {
    write("torn.ndjson", `${EDGES[0]}\n${EDGES[1]?.slice(0, 40)}`);
    write("other.ndjson", '{"jobId":null}');
    const stderr = async (file: string): Promise<string> => {
      const ran = await cli(["lineage", "waves", "--edges", file], { cwd });
      expect(ran.code).toBe(65);
      return ran.stderr;
    };
    expect(await stderr("torn.ndjson")).toContain("torn.ndjson:2 is no edge: not JSON");
    expect(await stderr("other.ndjson")).toContain("other.ndjson:1 is no edge: jobName");
    expect(await stderr("none.ndjson")).toContain("cannot read none.ndjson");
  });
});

describe("--capacity", () => {
  it.each([
    ["jobs=50,tables=200,bytes=2TB", { jobs: 50, tables: 200, bytes: 2e12 }],
    ["bytes=1.5GiB", { bytes: 1.5 * 2 ** 30 }],
    ["bytes=900", { bytes: 900 }],
    ["jobs = 3", { jobs: 3 }],
  ])("%s", (input, expected) => expect(waveCapacity(input)).toEqual(expected));

  it.each(["", "jobs", "jobs=0", "jobs=5GB", "jobs=1.5", "bytes=2XB", "bytes=-1", "job=5", "bytes=9999999TB"])(
    "refuses %s",
    (input) => {
      expect(() => waveCapacity(input)).toThrow(/is no capacity|is none of/);
    },
  );
});
