/** A world's files lie where the diagnostic setting puts them, and the same seed gives the same bytes. */
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { pretendRuns, RETAIL, writeWorld } from "./index.ts";

const FROM = Date.UTC(2026, 10, 13);
const TO = FROM + 2 * 24 * 3_600_000;
const runs = pretendRuns(RETAIL, { seed: "3", from: FROM, to: TO, everyMinutes: 700, failing: 0.3 });
const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

function write(seed: string) {
  const folder = mkdtempSync(join(tmpdir(), "headgate-world-"));
  made.push(folder);
  const written = writeWorld(folder, RETAIL, { seed, from: FROM, to: TO, runs });
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const digests = new Map(
    written.files.map((path) => [
      path,
      createHash("sha256")
        .update(readFileSync(join(folder, path)))
        .digest("hex"),
    ]),
  );
  return { folder, written, found, digests };
}

describe("writeWorld", () => {
  const first = write("5");

  it("writes what it says and nothing else", () => {
    expect(first.found).toHaveLength(first.written.files.length);
    const logs = first.written.files.filter((path) => path.startsWith("logs/"));
    for (const path of logs) {
      expect(path).toMatch(
        /^logs\/insights-logs-storage(read|write|delete)\/resourceId=\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Storage\/storageAccounts\/[a-z0-9]+\/(blob|queue)Services\/default\/y=2026\/m=11\/d=1\d\/h=\d\d\/m=00\/PT1H\.json$/,
      );
    }
    const bytes = logs.map((path) => readFileSync(join(first.folder, path)).length).reduce((a, b) => a + b, 0);
    expect(bytes).toBe(first.written.bytes);
    expect(JSON.parse(readFileSync(join(first.folder, "truth.json"), "utf8"))).toEqual({
      ...first.written.truth,
      consoles: first.written.consoles,
    });
    expect(first.written.files).toEqual(expect.arrayContaining(["inventory/tables.csv", "inventory/mounts.csv"]));
  });

  it("puts each line into the file of its hour or the next, one of them torn", () => {
    let torn = 0;
    for (const path of first.written.files.filter((one) => one.startsWith("logs/"))) {
      const [, day, hour] = /d=(\d\d)\/h=(\d\d)/.exec(path) ?? [];
      const begin = Date.UTC(2026, 10, Number(day), Number(hour));
      for (const line of readFileSync(join(first.folder, path), "utf8").split("\n")) {
        if (line === "") continue;
        if (!line.endsWith("}")) torn += 1;
        const time = Date.parse(/"time":"([^"]+)"/.exec(line)?.[1] ?? "");
        expect(time).toBeGreaterThan(begin - 3_602_000);
        expect(time).toBeLessThan(begin + 3_600_000);
      }
    }
    expect(torn).toBe(1);
  });

  it("prints events into consoles: whole, cut into CloudWatch's parts, or torn where a driver was killed", () => {
    const read = (path: string) => readFileSync(join(first.folder, path), "utf8");
    const { consoles } = first.written;
    for (const kind of ["spark", "airflow", "glue"]) {
      expect(consoles.some(({ path }) => path.startsWith(`console/${kind}/`))).toBe(true);
    }
    expect(consoles.some(({ cut }) => cut === 1)).toBe(true);
    for (const { path, events, cut } of consoles) {
      const text = path.endsWith(".json")
        ? (JSON.parse(read(path)) as { events: { message: string }[] }).events.map(({ message }) => message).join("")
        : read(path);
      expect(events.filter((event) => text.includes(event))).toHaveLength(events.length - cut);
      expect(text.split("\n").length + (path.endsWith(".json") ? 100 : 0)).toBeGreaterThan(10);
    }
    const glue = consoles.find(({ path }) => path.includes("/glue/"));
    expect(glue?.events.some((event) => read(glue.path).includes(JSON.stringify(event).slice(1, -1)))).toBe(false);
  });

  it("writes the same bytes for the same seed, others for another", () => {
    expect(write("5").digests).toEqual(first.digests);
    expect(write("6").digests).not.toEqual(first.digests);
  });
});
