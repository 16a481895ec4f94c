/** Variables of a bundle that are looked up by name, through the command line, against a fake workspace. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/databricks/index.ts";
import { cli } from "../run-cli.ts";

const BUNDLE = `
bundle: { name: shop }
variables:
  wh: { description: one, lookup: { warehouse: Shared } }
  pol: { lookup: { cluster_policy: Jobs } }
  caller: { lookup: { job: Nightly } }
  robot: { lookup: { service_principal: deployer } }
resources:
  jobs:
    load:
      name: Load
      tags: { robot: "\${var.robot}" }
      tasks:
        - { task_key: q, sql_task: { warehouse_id: "\${var.wh}", query: { query_id: x } } }
        - { task_key: r, run_job_task: { job_id: "\${var.caller}" } }
        - { task_key: n, notebook_task: { notebook_path: /x }, new_cluster: { policy_id: "\${var.pol}" } }
`;

let fake: FakeDatabricks;
let dir: string;
beforeEach(async () => {
  fake = await startFakeDatabricks({
    principals: [
      { userName: "anna@example.com", tokens: ["t"], admin: true },
      { userName: "11111111-2222-4333-8444-555555555555", displayName: "deployer", tokens: ["r"] },
    ],
  });
  dir = mkdtempSync(join(tmpdir(), "headgate-lookups-"));
  const config = {
    project: "shop",
    workspaces: { w: { host: fake.url, auth: { kind: "pat", token: `\${env:TOKEN}` } } },
    targets: { dev: { default: true, workspace: "w" } },
    jobs: { sources: [{ kind: "yaml", path: "databricks.yml" }] },
  };
  writeFileSync(join(dir, "headgate.yaml"), JSON.stringify(config));
  writeFileSync(join(dir, "databricks.yml"), BUNDLE);
});
afterEach(async () => {
  await fake.close();
  rmSync(dir, { recursive: true });
});
const run = (...args: string[]) => cli(args, { cwd: dir, env: { TOKEN: "t" } });

it("become ids; what is not there is said, and asked for again the next time", async () => {
  const none = await run("jobs", "plan");
  expect(none.stdout + none.stderr).toContain("you may see no warehouse named 'Shared' in the workspace");
  expect(none.stdout + none.stderr).toContain("variable 'wh' has no value");

  fake.control.addThings({ warehouses: { abc: "Shared", other: "Shared too" }, policies: { p1: "Jobs" } });
  const { jobIds } = fake.control.seedJobs({ jobs: [{ name: "Nightly" }] });
  const applied = await run("jobs", "apply", "--yes", "--first-deploy");
  expect(applied.code, applied.stdout + applied.stderr).toBe(0);
  const job = fake.control.jobs().find(({ settings }) => settings.name === "Load");
  expect(job?.settings).toMatchObject({
    tags: { robot: "11111111-2222-4333-8444-555555555555" },
    tasks: [
      { sql_task: { warehouse_id: "abc" } },
      { run_job_task: { job_id: BigInt(jobIds[0] ?? 0) } },
      { new_cluster: { policy_id: "p1" } },
    ],
  });
  const plan = await run("jobs", "plan", "--exit-code");
  expect(plan.code, plan.stdout).toBe(0);
});
