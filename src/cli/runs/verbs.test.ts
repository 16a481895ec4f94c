import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { type CliOptions, cli, type Ran } from "../../../test/run-cli.ts";

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "headgate-runs-"));
  writeFileSync(path.join(folder, "headgate.yaml"), "version: 1\nproject: retail\n");
  return () => rmSync(folder, { recursive: true, force: true });
});

const run = (args: string, options: CliOptions = {}): Promise<Ran> =>
  cli(["runs", ...args.split(" ")], { cwd: folder, ...options });

async function ok(args: string, options?: CliOptions): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await run(`${args} --json`, options);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe("the verbs of runs on the project's own store", () => {
  it("take a process from its file through a failed day to a good end", async () => {
    await ok("sample");
    expect((await run("register")).stdout).toContain("4 things: 4 created");
    expect((await run("register")).stdout).toContain("4 things: 4 unchanged");
    const env = { HEADGATE_EXECUTION: "e1" };
    expect(await ok("generate CORP/HR_DAILY --date 2026-11-20", { env })).toMatchObject({
      total: 2,
      executionId: "e1",
    });
    expect((await run("pending CORP/HR_DAILY", { env })).stdout).toContain("1 task may start now");
    await ok("start CORP/HR_DAILY/1/1 --run-id r1", { env });
    const held = await run("start CORP/HR_DAILY/1/1 --run-id r2", { env });
    expect(held).toMatchObject({ code: 3, stderr: expect.stringContaining("r1") });
    expect(await ok("fail CORP/HR_DAILY/1/1 --message timeout --log-code TIMEOUT", { env })).toMatchObject({
      status: "FAIL",
    });
    expect((await run("blockers CORP/HR_DAILY --exit-code")).code).toBe(2);
    expect((await run("can-advance CORP/HR_DAILY --sequence 2 --exit-code", { env })).code).toBe(2);
    expect(await ok("reset CORP/HR_DAILY --date 2026-11-20")).toMatchObject({ count: 1, items: [{ attempt: 1 }] });
    await ok("start CORP/HR_DAILY/1/1", { env });
    const ended = await ok("end CORP/HR_DAILY/1/1 --metric rowsWritten=42 --metric table=emp", { env });
    expect(ended).toMatchObject({ status: "DONE", watermarks: [{ name: "LoadEmployees" }] });
    expect(await ok("skip CORP/HR_DAILY/1/2 --reason holiday", { env })).toMatchObject({ phase: "SKIPPED" });
    const status = await run("status CORP/HR_DAILY --date 2026-11-20");
    expect(status.stdout).toMatch(/1\/1 +Load Employees .* 1 +done/);
    const watermark = await run("watermark get CORP/HR_DAILY LoadEmployees");
    expect(watermark.stdout).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\n$/);
    expect((await run("rebuild --check")).stdout).toContain("every step is what the commands lead to");
  });

  it("name what is right when something is wrong", async () => {
    await ok("sample");
    await ok("register");
    expect(await run("status CORP/HR_DALY")).toMatchObject({ code: 65, stderr: expect.stringContaining("HR_DAILY") });
    expect(await run("start CORP/HR_DAILY")).toMatchObject({
      code: 64,
      stderr: expect.stringContaining("workflow and task are missing"),
    });
    expect(await run("pending CORP/HR_DAILY --date 20.11.2026")).toMatchObject({
      code: 64,
      stderr: expect.stringContaining("2026-11-21"),
    });
    expect(await run("pending CORP/HR_DAILY")).toMatchObject({
      code: 65,
      stderr: expect.stringContaining("headgate runs generate CORP/HR_DAILY"),
    });
    expect(await run("mode CORP/HR_DAILY historc")).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('did you mean "historic"?'),
    });
    writeFileSync(path.join(folder, "processes/hr.yml"), "processes:\n  - project: CORP\n    proces: X\n");
    const wrong = await run("register");
    expect(wrong).toMatchObject({ code: 65, stdout: expect.stringContaining("did you mean process?") });
  });

  it("need no server, and say so when the one that is named is away", async () => {
    const env = { HEADGATE_URL: "http://127.0.0.1:9" };
    expect(await run("status", { env })).toMatchObject({ code: 69, stderr: expect.stringContaining("no answer") });
    expect(await run("status", { env: { HEADGATE_URL: "nowhere" } })).toMatchObject({ code: 64 });
    expect((await run("execution-id", { env })).stdout).toMatch(/^[0-9a-f-]{36}\n$/);
  });
});
