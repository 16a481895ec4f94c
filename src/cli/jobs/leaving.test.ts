/** Going back and going away: rollback, destroy, diff between targets, export as a bundle. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../../fakes/index.ts";
import { cli, type Ran } from "../../../test/run-cli.ts";

let fake: FakeDatabricks;
let folder = "";
let number = 0;

beforeAll(async () => {
  fake = await startFakeDatabricks({ principals: [{ userName: "anna@example.com", admin: true, tokens: ["t"] }] });
});
afterAll(() => fake.close());
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "headgate-leaving-"));
  await mkdir(path.join(folder, "jobs"));
  number += 1;
  write(
    "headgate.yaml",
    `project: leaving${number}
workspaces: { w: { host: ${fake.url}, auth: { kind: pat, token: "\${env:TOKEN}" } } }
targets:
  dev: { default: true, workspace: w, variables: { retries: 1 } }
  prod: { workspace: w, variables: { retries: 5 } }
variables: { retries: 0 }
jobs: { sources: [{ kind: yaml, path: "jobs/*.yml" }] }
`,
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (file: string, text: string) => writeFileSync(path.join(folder, file), text);
const run = (...args: string[]): Promise<Ran> =>
  cli(args, { cwd: folder, env: { TOKEN: "t", MAIL: "canary@example.com" } });
async function good(...args: string[]): Promise<string> {
  const ran = await run(...args);
  expect(ran.code, ran.stderr + ran.stdout).toBe(0);
  return ran.stdout;
}
const job = (description: string, more = "") => `jobs:
  load:
    name: load ${number}
    description: ${description}
    tasks: [{ task_key: t, max_retries: "\${var.retries}", notebook_task: { notebook_path: /x } }]
${more}`;
const mine = () => fake.control.jobs().filter(({ settings }) => String(settings.name).endsWith(` ${number}`));
const apply = () => good("jobs", "apply", "--yes", "--first-deploy");

describe("rollback", () => {
  test("goes back to the definition before, or to any that is kept; the declaration still wins the next plan", async () => {
    for (const text of ["first", "second", "third"]) {
      write("jobs/a.yml", job(text));
      await apply();
    }
    const [{ jobId = "" } = {}] = mine();
    const back = await good("jobs", "rollback", "load", "--yes");
    expect(back).toContain("~ description");
    expect(fake.control.job({ jobId }).settings.description).toBe("second");
    const plan = await run("jobs", "plan", "--exit-code");
    expect([plan.code, plan.stdout]).toEqual([2, expect.stringContaining('"second" → "third"')]);

    const history = JSON.parse(await good("jobs", "history", "load", "--json"));
    const oldest = history.items.at(-1).serial;
    await good("jobs", "rollback", "load", "--to", String(oldest), "--yes");
    expect(fake.control.job({ jobId }).settings.description).toBe("first");
    expect(mine()).toHaveLength(1);
  });

  test("a deleted job is made again; one that was never applied, and a number that is not kept, are said", async () => {
    write("jobs/a.yml", job("kept"));
    await apply();
    const [before] = mine();
    write("jobs/a.yml", "jobs: {}\n");
    await good("jobs", "apply", "--yes", "--allow-delete", "1");
    expect(mine()).toEqual([]);
    await good("jobs", "rollback", "load", "--yes");
    const [after] = mine();
    expect(after?.settings.description).toBe("kept");
    expect(after?.jobId).not.toBe(before?.jobId);

    const none = await run("jobs", "rollback", "other", "--yes");
    expect([none.code, none.stderr]).toEqual([
      expect.any(Number),
      expect.stringContaining("other has no former definition"),
    ]);
    const wrong = await run("jobs", "rollback", "load", "--to", "99", "--yes");
    expect(wrong.stderr).toMatch(/no definition #99[\s\S]*it has #/);
  });
});

describe("destroy", () => {
  test("deletes this deployment's jobs and nobody else's, as many as allowed; protected ones stay", async () => {
    const safe = `  kept:\n    name: kept ${number}\n    lifecycle: { prevent_destroy: true }\n    tasks: [{ task_key: t, notebook_task: { notebook_path: /x } }]\n`;
    write(
      "jobs/a.yml",
      job(
        "one",
        `${safe}  more:\n    name: more ${number}\n    tasks: [{ task_key: t, notebook_task: { notebook_path: /x } }]\n`,
      ),
    );
    await apply();
    fake.control.seedJobs({ jobs: [{ name: `stranger ${number}` }] });
    const refused = await run("jobs", "destroy", "--allow-delete", "1", "--yes");
    expect([refused.code, mine()]).toEqual([3, expect.objectContaining({ length: 4 })]);
    // They are declared still, and apply is not how they would go.
    expect(refused.stdout).toContain("everything is destroyed");
    expect(refused.stdout).not.toMatch(/no longer declared|jobs apply --allow-delete/);
    await run("jobs", "destroy", "--allow-delete", "2", "--yes");
    expect(
      mine()
        .map(({ settings }) => settings.name)
        .sort(),
    ).toEqual([`kept ${number}`, `stranger ${number}`]);
  });
});

describe("diff", () => {
  test("says which job and field two targets declare otherwise; needs no workspace", async () => {
    write("jobs/a.yml", job("x", "  same: { tasks: [] }\n"));
    fake.control.clearRequests();
    const text = await good("jobs", "diff", "dev", "prod");
    expect(text).toMatch(
      /~ load [\s\S]*tasks\[task_key=t\]\.max_retries {2}1 → 5[\s\S]*dev → prod: 1 job differ, 1 the same/,
    );
    expect((await run("jobs", "diff", "dev", "prod", "--exit-code")).code).toBe(2);
    expect((await run("jobs", "diff", "dev", "dev", "--exit-code")).code).toBe(0);
    const json = JSON.parse((await run("jobs", "diff", "dev", "prod", "--json")).stdout);
    expect(json.jobs).toEqual([
      {
        resource: "load",
        where: "both",
        name: `load ${number}`,
        fields: [{ path: "tasks[task_key=t].max_retries", before: 1, after: 5 }],
      },
    ]);
    expect(fake.control.requests({})).toEqual([]);
    expect((await run("jobs", "diff", "dev", "prd")).stderr).toContain("prod");
  });
});

describe("export", () => {
  test("writes a bundle that says the same, and binds the jobs that are there", async () => {
    write(
      "jobs/a.yml",
      job(
        '"{{job.id}} costs $${var.x}"',
        '  next.one:\n    tasks:\n      - { task_key: r, run_job_task: { job_id: "${resources.jobs.load.id}" } }\n    email_notifications: { on_failure: ["${env:MAIL}"] }\n    permissions: [{ group_name: users, level: CAN_VIEW }]\n',
      ),
    );
    await apply();
    const [first] = mine();
    const said = await good("jobs", "export", "--out", "bundle");
    expect(said).toMatch(/2 jobs written as a bundle to bundle, 2 of them bound/);
    expect(said).toContain("${env:MAIL} became ${var.MAIL}: give it by BUNDLE_VAR_MAIL");
    const text = (file: string) => readFileSync(path.join(folder, "bundle", file), "utf8");
    expect(text("databricks.yml")).toContain(`name: leaving${number}`);
    expect(text("bind.sh")).toContain(`databricks bundle deployment bind 'load' ${first?.jobId} --auto-approve`);
    expect(text("resources/next_one.yml")).toContain("job_id: ${resources.jobs.load.id}");
    expect(text("resources/next_one.yml")).not.toContain("canary");

    // Our own reader of bundles finds the same jobs in it.
    write(
      "headgate.yaml",
      readFileSync(path.join(folder, "headgate.yaml"), "utf8")
        .replace("jobs/*.yml", "bundle/databricks.yml")
        .replace("variables: { retries: 0 }", 'variables: { MAIL: "canary@example.com" }'),
    );
    const plan = JSON.parse((await run("jobs", "plan", "--json")).stdout);
    const load = plan.changes.find((change: { resource: string }) => change.resource === "load");
    expect(load.fields.map(({ path: field }: { path: string }) => field)).toEqual([]);

    const again = await run("jobs", "export", "--out", "bundle");
    expect([again.code, again.stderr]).toEqual([65, expect.stringContaining("is there already")]);
  });
});

test("an address of the environment is written into the bundle as it is, and shown so", async () => {
  const config = `project: leaving${number}
workspaces: { w: { host: "\${env:HOST}", auth: { kind: pat, token: "\${env:TOKEN}" } } }
targets: { dev: { default: true, workspace: w } }
jobs: { sources: [{ kind: yaml, path: "jobs/*.yml" }] }
`;
  write("headgate.yaml", config);
  write("jobs/a.yml", 'jobs: { load: { description: "${workspace.host}/x", tasks: [] } }\n');
  const env = { TOKEN: "t", HOST: fake.url };
  const exported = await cli(["jobs", "export", "--out", "bundle"], { cwd: folder, env });
  expect(exported.code, exported.stderr).toBe(0);
  const text = readFileSync(path.join(folder, "bundle/databricks.yml"), "utf8");
  expect(text).toContain(`host: ${fake.url}`);
  expect(readFileSync(path.join(folder, "bundle/resources/load.yml"), "utf8")).toContain(`${fake.url}/x`);
});
