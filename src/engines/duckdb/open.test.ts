/** The engine counts every readable line once, whatever state the files are in. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LogLine, logLine } from "../../../test/access-logs.ts";
import type { AccessAggregate, Engine, LogScan, ScanTotals } from "../engine.ts";
import { openDuckdb } from "./open.ts";

let folder = "";
let engine: Engine;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "headgate-engine-"));
  engine = await openDuckdb();
});
afterAll(() => {
  engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const CLUSTER = "0914-010508-eie9s9ze";
const read = (time: string, file: string, more: Partial<LogLine> = {}): string =>
  logLine({
    time,
    operation: "ReadFile",
    path: `lake/t/${file}?timeout=90`,
    cluster: CLUSTER,
    status: 206,
    bytes: 10,
    ...more,
  });

const write = (name: string, content: string | Buffer): string => {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
};

async function scan(
  files: string[],
  more: Partial<LogScan> = {},
): Promise<{ groups: AccessAggregate[]; totals: ScanTotals }> {
  const groups: AccessAggregate[] = [];
  const asked = engine.aggregate({ files, bySecond: [], ...more });
  for (;;) {
    const next = await asked.next();
    if (next.done) return { groups, totals: next.value };
    groups.push(...next.value);
  }
}

describe("the duckdb engine", () => {
  it("reads plain and packed files, CRLF, blank lines and a torn last line", async () => {
    const one = read("2026-09-14T01:10:00.0000001Z", "a.parquet");
    const files = [
      write("crlf.json", `${one}\r\n\r\n${read("2026-09-14T01:20:00.0000000Z", "b.parquet")}\r\n`),
      write("packed.json.gz", gzipSync(`${read("2026-09-14T01:30:00.0000009Z", "a.parquet")}\n${one.slice(0, 200)}`)),
    ];
    const { groups, totals } = await scan(files);
    expect(totals).toEqual({ lines: 4, unreadable: 1 });
    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({
      cluster: CLUSTER,
      client: null,
      operation: "ReadFile",
      status: "206",
      uri: "https://acct.dfs.core.windows.net/lake/t/a.parquet",
      requests: 3,
      bytesRead: 30,
      first: "2026-09-14T01:10:00.0000001Z",
      last: "2026-09-14T01:30:00.0000009Z",
    });
    expect(groups[0]?.files).toHaveLength(2);
  });

  it("keeps apart what the rules must tell apart", async () => {
    const at = "2026-09-14T01:10:00.0000000Z";
    const put = { time: at, cluster: CLUSTER, category: "StorageWrite" };
    const version = "00000000000000000007";
    const file = write(
      "forms.json",
      [
        logLine({ ...put, operation: "RenamePathFile", path: `lake/t/_delta_log/${version}.json?timeout=90` }),
        logLine({ ...put, operation: "RenamePathFile", path: `lake/t/_delta_log/${version}.crc` }),
        logLine({ ...put, operation: "AppendFile", path: "lake/t/_delta_log/_last_vacuum_info?action=append" }),
        logLine({ ...put, operation: "AppendFile", path: "lake/t/_SUCCESS?action=append" }),
        logLine({ ...put, operation: "AppendFile", path: "lake/t/000000_0?action=append", status: "Unknown" }),
        logLine({
          time: at,
          operation: "ListFilesystemDir",
          path: "lake?resource=filesystem&directory=t%2Fday%3D1&recursive=true",
        }),
        logLine({ ...put, operation: "RenamePathDir", path: "lake/t?mode=legacy" }),
      ].join("\n"),
    );
    const { groups } = await scan([file]);
    expect(
      groups.map(({ uri, status }) => `${uri.slice("https://acct.dfs.core.windows.net/".length)} ${status}`).sort(),
    ).toEqual([
      `lake/t 200`,
      "lake/t/000000_0 Unknown",
      `lake/t/_SUCCESS 200`,
      `lake/t/_delta_log/${version}.crc 200`,
      `lake/t/_delta_log/${version}.json 200`,
      "lake/t/_delta_log/_last_vacuum_info 200",
      "lake?directory=t%2Fday%3D1 200",
    ]);
    expect(groups.find(({ cluster }) => cluster === null)?.client).toBe("APN/1.0");
  });

  it("groups shared clusters by the second and stays within the window", async () => {
    const times = ["01:10:00.1", "01:10:00.9", "01:10:01.0", "01:59:59.9", "02:00:00.0"];
    const file = write("window [1].json", times.map((time) => read(`2026-09-14T${time}Z`, "a.parquet")).join("\n"));
    const to = "2026-09-14T02:00:00.000Z";
    expect((await scan([file], { to })).groups.map(({ requests }) => requests)).toEqual([4]);
    const fine = await scan([file], { to, bySecond: [CLUSTER] });
    expect(fine.groups.map(({ requests }) => requests).sort()).toEqual([1, 1, 2]);
  });

  it("keeps the groups of a log and gives back those of a day or a cluster", async () => {
    const other = "0914-010508-otherone";
    const file = write(
      "kept log [2].json",
      [
        read("2026-09-14T23:59:59.9999999Z", "a.parquet"),
        read("2026-09-15T00:00:00.0000000Z", "a.parquet"),
        read("2026-09-15T00:10:00.0000000Z", "b.parquet", { cluster: other }),
        read("2026-09-15T00:10:00.0000000Z", "c.parquet", { cluster: undefined }),
        read("2026-09-15T00:10:00.0000000Z", "c.parquet").slice(0, 300),
      ].join("\n"),
    );
    const into = path.join(folder, "kept [2].parquet");
    expect(await engine.keep({ files: [file], bySecond: [] }, into)).toEqual({
      addresses: [],
      lines: 5,
      unreadable: 1,
      days: ["2026-09-14", "2026-09-15"],
      clusters: [CLUSTER, other],
    });
    const given = async (day: string, clusters?: string[]): Promise<AccessAggregate[]> => {
      const groups: AccessAggregate[] = [];
      for await (const batch of engine.kept({ files: [into], day, clusters })) groups.push(...batch);
      return groups.sort((a, b) => (a.uri < b.uri ? -1 : 1));
    };
    const scanned = await scan([file]);
    const both = [...(await given("2026-09-14")), ...(await given("2026-09-15"))];
    const inOrder = (groups: AccessAggregate[]) => groups.map((group) => JSON.stringify(group)).sort();
    expect(inOrder(both)).toEqual(inOrder(scanned.groups));
    expect((await given("2026-09-15", [other])).map(({ cluster }) => cluster)).toEqual([other]);
    expect(await given("2026-09-16")).toEqual([]);
    expect(await given("2026-09-15", [])).toEqual([]);
  });

  it("keeps several logs at once as it keeps them one by one, and none where one cannot be read", async () => {
    const lines = (hour: string) =>
      ["a.parquet", "b.parquet", "_delta_log/00000000000000000007.json"].map((name) =>
        read(`2026-09-14T${hour}:10:00.0000001Z`, name),
      );
    const files = [
      write("each [1]*.json", lines("01").join("\n")),
      write("each-none.json", ""),
      write("each-it's.json.gz", gzipSync(`${lines("02").join("\n")}\n${lines("02").join("\n").slice(0, 100)}`)),
    ];
    const into = files.map((_, index) => path.join(folder, `each ${index}.parquet`));
    const kept = await engine.keepEach({ files, bySecond: [CLUSTER] }, into);
    const groupsOf = async (file: string): Promise<string[]> => {
      const groups: string[] = [];
      for await (const batch of engine.kept({ files: [file], day: "2026-09-14" })) {
        groups.push(...batch.map((group) => JSON.stringify({ ...group, files: [...group.files].sort() })));
      }
      return groups.sort();
    };
    expect(kept[1]).toBeUndefined();
    for (const index of [0, 2]) {
      const alone = path.join(folder, `alone ${index}.parquet`);
      const one = await engine.keep({ files: [files[index] as string], bySecond: [CLUSTER] }, alone);
      expect(kept[index]).toEqual(one);
      expect(await groupsOf(into[index] as string)).toEqual(await groupsOf(alone));
    }
    const broken = write("each-broken.json.gz", "no gzip at all");
    const other = [path.join(folder, "each-left.parquet"), path.join(folder, "each-right.parquet")];
    await expect(engine.keepEach({ files: [files[0] as string, broken], bySecond: [] }, other)).rejects.toMatchObject({
      code: "input_invalid",
    });
    expect(readdirSync(folder).filter((name) => /each-(left|right)|\.each$/.test(name))).toEqual([]);
  });

  it("keeps nothing of what cannot be read", async () => {
    const file = write("broken.json.gz", "no gzip at all");
    const into = path.join(folder, "broken.parquet");
    await expect(engine.keep({ files: [file], bySecond: [] }, into)).rejects.toMatchObject({ code: "input_invalid" });
    expect(readdirSync(folder).filter((name) => name.includes("broken.parquet"))).toEqual([]);
    const empty = write("empty.json", "");
    expect(await engine.keep({ files: [empty], bySecond: [] }, path.join(folder, "empty.parquet"))).toEqual({
      addresses: [],
      lines: 0,
      unreadable: 0,
      days: [],
      clusters: [],
    });
  });

  it("answers nothing for no file", async () => {
    expect(await scan([])).toEqual({ groups: [], totals: { lines: 0, unreadable: 0 } });
  });
});
