/** The simulator's lines and its truth hold together: counted again here by a small reader of its own. */
import { describe, expect, it } from "vitest";
import { estate, type HappenedRun, pretendRuns, RETAIL, SHARED_CLUSTER, simulate, type TrueEdge } from "./index.ts";

const FROM = Date.UTC(2026, 10, 13);
const DAY = 24 * 3_600_000;
const WEEK = 7 * DAY;
const RUNS = pretendRuns(RETAIL, {
  seed: "1",
  from: FROM,
  to: FROM + WEEK,
  everyMinutes: 12 * 60,
  failing: 0.05,
  shared: { clusterId: SHARED_CLUSTER, programs: ["till reconcile/reconcile", "tmp backfill orders/backfill"] },
  nameless: ["nightly_sales/revenue", "table_maintenance/optimize", "table_maintenance/vacuum"],
});
const LOST = RUNS.filter(({ program }) => program === "marketing_attribution/touchpoints");

function run(seed: string, runs: readonly HappenedRun[] = RUNS) {
  const gaps = LOST.map(({ ready, end }) => ({
    account: "stretaillake",
    category: "StorageRead" as const,
    from: ready,
    to: end,
  }));
  const simulation = simulate(RETAIL, { seed, from: FROM, to: FROM + WEEK, runs, gaps });
  return { lines: [...simulation.lines], truth: simulation.truth() };
}

const week = run("1");

interface LogRecord {
  time: string;
  category: string;
  operationName: string;
  statusCode: number | string;
  correlationId: string;
  uri: string;
  properties: { clientRequestId?: string; userAgentHeader: string };
}

const records = week.lines
  .filter((line) => !line.torn)
  .map((line) => ({ ...line, is: JSON.parse(line.text) as LogRecord }));

/** What a reader that knows only the folders, the clusters and the lines makes of them: `job task table access`. */
function countAgain(): Set<string> {
  const folders = RETAIL.tables.flatMap(({ name, folder }) =>
    folder ? [{ name, at: `https://${folder.account}.dfs.core.windows.net/${folder.container}/${folder.path}/` }] : [],
  );
  const owners = new Map(RUNS.filter(({ clusterKnown }) => clusterKnown).map((one) => [one.clusterId, one]));
  const found = new Set<string>();
  for (const { is } of records) {
    const owner = owners.get(is.properties.clientRequestId?.split("--")[0] ?? "");
    const uri = decodeURIComponent(is.uri.split("?")[0] ?? "");
    const table = folders.find(({ at }) => uri.startsWith(at));
    if (!owner || !table || owner.clusterId === SHARED_CLUSTER || Number(is.statusCode) >= 300) continue;
    const below = uri.slice(table.at.length);
    const isData = !/(^|\/)[_.]/.test(below);
    const did = (access: string) => found.add(`${owner.jobName} ${owner.taskKey} ${table.name} ${access}`);
    if (is.operationName === "ReadFile" && isData) did("read");
    if (is.operationName === "RenamePathFile" && (isData || /^_delta_log\/\d{20}\.json$/.test(below))) did("commit");
    if (is.operationName === "DeleteFile" && isData) did("deletes");
  }
  return found;
}

const named = ({ job, task, table }: TrueEdge): string => `${job} ${task} ${table}`;

describe("the truth", () => {
  const found = countAgain();
  const own = week.truth.edges.filter(({ table, identifiable }) => table !== null && identifiable);

  it("is in the lines, edge by edge", () => {
    expect(own.length).toBeGreaterThan(50);
    for (const edge of own.filter(({ job }) => !["till reconcile", "tmp backfill orders"].includes(job))) {
      if (edge.access === "read") expect([...found]).toContain(`${named(edge)} read`);
      // what a failed run has put is not committed, and of maintenance a deletion may be all there is
      if (edge.access === "write") expect([...found]).toContain(`${named(edge)} commit`);
      if (edge.access === "maintenance") {
        expect(found.has(`${named(edge)} commit`) || found.has(`${named(edge)} deletes`)).toBe(true);
      }
    }
  });

  it("knows of every read and commit that the lines show", () => {
    const known = new Set(week.truth.edges.map((edge) => `${named(edge)} ${edge.access}`));
    for (const one of found) {
      const [name, access] = [one.slice(0, one.lastIndexOf(" ")), one.slice(one.lastIndexOf(" ") + 1)];
      const ways = access === "read" ? ["read", "maintenance"] : ["write", "maintenance"];
      expect(
        ways.some((way) => known.has(`${name} ${way}`)),
        one,
      ).toBe(true);
    }
  });

  it("gives a reason for all that nobody can know, and every reason occurs", () => {
    const hidden = week.truth.edges.filter(({ taskIdentifiable }) => !taskIdentifiable);
    expect(hidden.filter(({ why }) => why === undefined)).toEqual([]);
    expect([...new Set(hidden.map(({ why }) => why))].sort()).toEqual(
      expect.arrayContaining([
        "an UPDATE alone looks like OPTIMIZE",
        "denied",
        "its files lie under the table it was cloned from",
        "its records were lost",
        "its requests name no cluster of a run",
        "only the log was read",
        "the account is not logged",
      ]),
    );
  });

  it("has nothing of the table that nobody touches, and the new name of the one that was renamed", () => {
    const tables = new Set(week.truth.edges.map(({ table }) => table));
    expect(tables).not.toContain("retail.legacy.sales_2019");
    expect(tables).toContain("retail.gold.stock_all_regions");
    const places = records.map(({ is }) => is.uri).filter((uri) => uri.includes("/hive/warehouse/gold.db/stock_"));
    expect(places.some((uri) => uri.includes("stock_combined"))).toBe(true);
    expect(places.some((uri) => uri.includes("stock_all_regions/part-"))).toBe(true);
  });
});

describe("the lines", () => {
  it("are the same for the same seed, others for another", () => {
    const text = (lines: typeof week.lines) => lines.map((line) => line.text).join("\n");
    const shuffled = run("1", [...RUNS].reverse());
    expect(text(shuffled.lines)).toBe(text(week.lines));
    expect(shuffled.truth).toEqual(week.truth);
    expect(text(run("2").lines)).not.toBe(text(week.lines));
  });

  it("have every kind of noise, counted as it is", () => {
    const { counts } = week.truth;
    const ids = new Map<string, number>();
    for (const { is } of records) ids.set(is.correlationId, (ids.get(is.correlationId) ?? 0) + 1);
    expect([...ids.values()].filter((times) => times > 1)).toHaveLength(counts.duplicates);
    expect(week.lines).toHaveLength(counts.lines);
    const late = records.filter(({ hour, is }) => Date.parse(is.time) < hour - 1_000);
    expect(late.length).toBeGreaterThanOrEqual(counts.late);
    const { duplicates, lost, torn, notLogged, retries, denied, probes, otherServices } = counts;
    for (const kind of [duplicates, lost, notLogged, retries, denied, probes, otherServices])
      expect(kind).toBeGreaterThan(0);
    expect(torn).toBe(1);
    expect(week.lines.filter((line) => line.torn)).toHaveLength(1);
    expect(week.lines.filter(({ service }) => service === "queue").length).toBeGreaterThanOrEqual(otherServices - lost);
  });

  it("come from all who use storage", () => {
    const agents = new Set(records.map(({ is }) => is.properties.userAgentHeader.split(/[/ ]/)[0]));
    expect([...agents]).toEqual(
      expect.arrayContaining(["APN", "AzCopy", "AzureDataFactoryCopy", "Microsoft.Data.Mashup"]),
    );
    expect(new Set(week.truth.others.map(({ client }) => client)).size).toBeGreaterThanOrEqual(8);
    expect(new Set(records.map(({ is }) => is.category))).toEqual(
      new Set(["StorageRead", "StorageWrite", "StorageDelete"]),
    );
  });

  it("commit each version of a table once", () => {
    const commits = records
      .filter(({ is }) => is.operationName === "RenamePathFile" && is.statusCode === 201)
      .filter(({ is }) => /_delta_log\/\d{20}\.json/.test(is.uri));
    const seen = new Map(commits.map(({ is }) => [is.correlationId, is.uri]));
    expect(new Set(seen.values()).size).toBe(seen.size);
    expect(seen.size).toBeGreaterThan(100);
  });
});

describe("a large estate", () => {
  it("runs, and each job's tables are in the truth", () => {
    const world = estate({ jobs: 20, tables: 60, filesRead: 2 }, "7");
    const runs = pretendRuns(world, { seed: "7", from: FROM, to: FROM + DAY, everyMinutes: 360 });
    const simulation = simulate(world, { seed: "7", from: FROM, to: FROM + DAY, runs });
    expect(() => simulation.truth()).toThrow("when all lines were taken");
    expect([...simulation.lines].length).toBeGreaterThan(1_000);
    expect(new Set(simulation.truth().edges.map(({ job }) => job)).size).toBe(20);
  });
});
