import { spawn } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildProgram } from "../test/build-program.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
let built: Awaited<ReturnType<typeof buildProgram>>;
beforeAll(async () => {
  built = await buildProgram("src/main.ts");
});
afterAll(() => built?.remove());

/** Runs the program; `leave` closes its stdout after the first bytes. */
function headgate(args: string[], leave = false): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [built.program, ...args], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (bytes: Buffer) => {
      stdout += bytes.toString();
      if (leave) child.stdout.destroy();
    });
    child.stderr.on("data", (bytes: Buffer) => {
      stderr += bytes.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

test("the process ends with the exit code of the command line", async () => {
  expect(await headgate(["jobs", "cron", "0 0 6 * * ?", "--after", "2026-11-20", "--count", "1"])).toEqual({
    code: 0,
    stdout: "0 0 6 * * ?  daily 06:00, UTC\n  Fri 2026-11-20 06:00\n",
    stderr: "",
  });
  expect((await headgate(["jobs", "corn"])).code).toBe(64);
});

test("a reader that goes away ends nothing with an error", async () => {
  const { code, stderr } = await headgate(["jobs", "cron", "* * * * * ?", "--count", "10000"], true);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});
