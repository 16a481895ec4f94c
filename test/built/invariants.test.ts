/** What must hold for every example: it is valid, applying it leaves no drift, and applying it again does nothing. */
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/databricks/index.ts";
import { sample } from "../sample.ts";
import { ROOT } from "../tree/files.ts";

const MAIN = path.join(ROOT, "dist/main.js");
/** Those that are projects; a recipe may be a script alone. */
const EXAMPLES = readdirSync(path.join(ROOT, "examples")).filter((name) =>
  existsSync(path.join(ROOT, "examples", name, "headgate.yaml")),
);
/** A service principal, for examples that sign in as one. */
const APP = { userName: "1c6b8a5e-0000-4000-8000-00000000abcd", secret: "only-for-the-fake" };

describe.each(sample("examples", EXAMPLES, 2, 0.5))("example %s", (name) => {
  let folder = "";
  let fake: FakeDatabricks;

  beforeAll(async () => {
    fake = await startFakeDatabricks({
      principals: [
        { userName: "admin@example.com", admin: true, tokens: ["fake-admin-token"] },
        { userName: APP.userName, displayName: "deployer", admin: true, secrets: [APP.secret] },
      ],
    });
    folder = mkdtempSync(path.join(tmpdir(), "headgate-example-"));
    cpSync(path.join(ROOT, "examples", name), folder, { recursive: true });
  });
  afterAll(async () => {
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs the built program in the example's folder; the answer is its exit code with all it said. */
  const headgate = (...args: string[]): Promise<{ exitCode: number; said: string; stdout: string }> =>
    new Promise((resolve) => {
      const env = {
        PATH: process.env.PATH,
        HOME: folder,
        DATABRICKS_HOST: fake.url,
        DATABRICKS_TOKEN: fake.token,
        // A fake takes as many requests a second as come.
        DATABRICKS_RATE_LIMIT: "1000",
        DATABRICKS_CLIENT_ID: APP.userName,
        DATABRICKS_CLIENT_SECRET: APP.secret,
        HEADGATE_APP_HOST: "app.example.com",
      };
      execFile(process.execPath, [MAIN, ...args], { cwd: folder, env }, (error, stdout, stderr) => {
        const exitCode = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        resolve({ exitCode, stdout, said: `exit ${exitCode}\n${stdout}${stderr}` });
      });
    });
  const summaryOf = (stdout: string): Record<string, number> =>
    (JSON.parse(stdout) as { summary: Record<string, number> }).summary;

  it("is valid", async () => {
    const { exitCode, said } = await headgate("jobs", "validate");
    expect(exitCode, said).toBe(0);
  });

  it("apply creates all its jobs", async () => {
    const plan = await headgate("jobs", "plan", "--json");
    expect(plan.exitCode, plan.said).toBe(0);
    const { create } = summaryOf(plan.stdout);
    expect(create).toBeGreaterThan(0);
    const apply = await headgate("jobs", "apply", "--yes", "--first-deploy");
    expect(apply.exitCode, apply.said).toBe(0);
    expect(fake.control.jobs()).toHaveLength(create ?? 0);
  });

  it("no_drift_after_apply", async () => {
    const drift = await headgate("jobs", "drift", "--exit-code");
    expect(drift.exitCode, drift.said).toBe(0);
    const plan = await headgate("jobs", "plan", "--exit-code");
    expect(plan.exitCode, plan.said).toBe(0);
  });

  it("apply_twice_is_noop", async () => {
    const before = fake.control.jobs();
    fake.control.clearRequests();
    const apply = await headgate("jobs", "apply", "--yes");
    expect(apply.exitCode, apply.said).toBe(0);
    const writes = fake.control.requests({ method: "POST", path: "/jobs/(create|reset|update|delete|run-now)$" });
    expect(writes.map(({ path: place, body }) => ({ place, body }))).toEqual([]);
    expect(fake.control.jobs()).toEqual(before);
  });
});
