import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { javaEvent, pythonEvent } from "../../../test/openlineage-events.ts";
import { cli } from "../../../test/run-cli.ts";

const [one, two, three] = [javaEvent(1), pythonEvent(2), javaEvent(3)];
let cwd = "";
beforeAll(() => {
  cwd = mkdtempSync(path.join(tmpdir(), "headgate-harvest-"));
  mkdirSync(path.join(cwd, "logs/inner"), { recursive: true });
  writeFileSync(path.join(cwd, "logs/b.log"), `INFO ConsoleTransport: ${one}\n`);
  // two members, and a name that does not say so
  const members = [gzipSync(`x ${two.slice(0, 99)}`), gzipSync(`${two.slice(99)}\n`)];
  writeFileSync(path.join(cwd, "logs/inner/a.log"), Buffer.concat(members));
  writeFileSync(path.join(cwd, "torn.gz"), gzipSync(`x ${three}\n${"noise\n".repeat(9_999)}`).subarray(0, -20));
  writeFileSync(path.join(cwd, "packed.zst"), Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x04]));
  writeFileSync(path.join(cwd, "empty"), "");
  writeFileSync(path.join(cwd, "odd [1].log"), three);
  symlinkSync("..", path.join(cwd, "logs/inner/up"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");

describe("headgate lineage harvest", () => {
  it("reads files, folders, patterns and the input, and counts on stderr", async () => {
    const ran = await cli(["lineage", "harvest", "logs", "odd [1].log", "empty", "--stats", "s.json"], { cwd });
    expect(ran).toMatchObject({ code: 0, stderr: "3 events in 3 lines\n" });
    expect(lines(ran.stdout)).toEqual([one, two, three]);
    expect(JSON.parse(readFileSync(path.join(cwd, "s.json"), "utf8"))).toEqual({
      lines: 3,
      events: 3,
      reassembled: 0,
      truncated: 0,
      invalid: 0,
      duplicates: 0,
      masked: 0,
    });
    const pattern = await cli(["lineage", "harvest", "logs/**/*.log", "--quiet"], { cwd });
    expect(pattern).toMatchObject({ code: 0, stderr: "" });
    expect(lines(pattern.stdout)).toEqual([one, two]);
    const stdin = Readable.from([Buffer.from([0x1f]), gzipSync(two).subarray(1)]);
    expect(lines((await cli(["lineage", "harvest", "-"], { cwd, stdin })).stdout)).toEqual([two]);
  });

  it("names what it cannot read and goes on with the rest", async () => {
    const names = ["missing.log", "none*.log", "torn.gz", "packed.zst", "logs/b.log"];
    const ran = await cli(["lineage", "harvest", ...names, "--json"], {
      cwd,
    });
    expect(ran.code).toBe(1);
    expect(lines(ran.stdout)).toContain(one);
    const told = lines(ran.stderr);
    expect(told.map((line) => line.split(":")[0])).toEqual([
      "cannot read missing.log",
      "cannot read none*.log",
      "cannot read torn.gz",
      "cannot read packed.zst",
      '{"lines"',
    ]);
  });

  it("stops when it is interrupted, and says where figures cannot be written", async () => {
    const stop = new AbortController();
    stop.abort();
    expect((await cli(["lineage", "harvest", "logs"], { cwd, signal: stop.signal })).code).toBe(130);
    const ran = await cli(["lineage", "harvest", "logs", "--stats", "no/such/folder.json"], { cwd });
    expect(ran.code).toBe(65);
    expect(ran.stderr).toContain("cannot write no/such/folder.json");
    expect((await cli(["lineage", "harvest"], { cwd })).code).toBe(64);
  });
});
