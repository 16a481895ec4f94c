import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startFakeDatabricks } from "../../../../fakes/databricks/index.ts";
import { patCredentials } from "../../../clients/databricks/auth/pat.ts";
import { openDatabricks } from "../../../clients/databricks/client.ts";
import { systemClock } from "../../../util/clock.ts";
import { parsePlacedYaml } from "../../../util/parse-yaml.ts";
import { openDatabricksFolders } from "../../../workspace/folders.ts";
import type { JobSourceContext } from "../../job-source.ts";
import { digestOf } from "./cache.ts";
import type { YamlSourceConfig } from "./config.ts";
import { readYamlSource } from "./read.ts";

let dir = "";
let folder = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "headgate-kept-"));
  folder = join(dir, ".headgate", "cache");
});
afterEach(() => rm(dir, { recursive: true }));

async function write(files: Record<string, string>) {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
}

type Context = Partial<JobSourceContext>;

function read(more: Context = {}, config: Partial<YamlSourceConfig> = {}) {
  return readYamlSource(
    "files",
    { kind: "yaml", path: "jobs/*.yml", ...config },
    {
      dir,
      project: "retail",
      target: "dev",
      variables: new Map(),
      defaults: undefined,
      workspace: async () => ({}),
      cache: { folder, build: "1" },
      ...more,
    },
  );
}

const names = async (...of: Parameters<typeof read>) => (await read(...of)).jobs.map((job) => job.settings.name);

/** Writes another name into what is kept: a reading that uses it shows it. */
async function forge(from: string, to: string) {
  for (const name of await readdir(folder)) {
    const text = await readFile(join(folder, name), "utf8");
    const body = text.slice(text.indexOf("\n") + 1).replaceAll(`"name":"${from}"`, `"name":"${to}"`);
    await writeFile(join(folder, name), `${digestOf(body)}\n${body}`);
  }
}

const JOB = "jobs:\n  nightly:\n    name: Nightly\n    tasks:\n      - task_key: load\n        max_retries: 2\n";

describe("what is kept of a reading", () => {
  it.each(["/Volumes/main/etl/jobs", "/Workspace/Shared/jobs"])(
    "is not used once a file in %s has changed",
    async (path) => {
      const fake = await startFakeDatabricks({});
      try {
        const client = openDatabricks({
          ...{ host: fake.url, credentials: patCredentials(fake.token), fetch: fake.fetch, clock: systemClock },
          ...{ userAgent: "headgate/test", rateLimit: 10_000 },
        });
        const folders = openDatabricksFolders({ client });
        fake.control.writeFile({ path: `${path}/a.yml`, text: JOB });
        const now = () => names({ folders }, { path: `${path}/*.yml` });
        expect(await now()).toEqual(["Nightly"]);
        await forge("Nightly", "Forged");
        expect(await now()).toEqual(["Forged"]);
        fake.control.writeFile({ path: `${path}/a.yml`, text: JOB.replace("Nightly", "Weekly") });
        expect(await now()).toEqual(["Weekly"]);
      } finally {
        await fake.close();
      }
    },
  );

  it("is used for unchanged files, and gives the same jobs, places and problems", async () => {
    await write({
      "jobs/a.yml": `${JOB}        run_job_task: { job_id: 1234567890123456789 }\n    lifecycle: { prevent_destroy: true }\n`,
      "jobs/b.yml":
        "jobs:\n  __proto__: { name: Odd }\n  bad: [1]\n  other: { tags: { __proto__: x }, permissions: [ { user_name: a, level: CAN_RUN } ] }\n",
    });
    const first = await read();
    const second = await read();
    const bare = ({ jobs, ...rest }: typeof first) => ({ ...rest, jobs: jobs.map(({ placeOf, ...job }) => job) });
    expect(bare(second)).toEqual(bare(first));
    expect(bare(first)).toEqual(bare(await read({ cache: undefined })));
    const paths = ["tasks[task_key=load].max_retries", "tasks[0].run_job_task.job_id", "name", "nothing.there"];
    const places = (of: typeof first) => of.jobs.map((job) => paths.map((path) => job.placeOf(path)));
    expect(places(second)).toEqual(places(first));
    await forge("Nightly", "Kept");
    expect(await names()).toContain("Kept");
  });

  it("is not used once a file changed, came or went", async () => {
    await write({ "jobs/a.yml": JOB });
    await read();
    await forge("Nightly", "Kept");
    await write({ "jobs/a.yml": JOB.replace("2", "3") });
    expect(await names()).toEqual(["Nightly"]);
    await forge("Nightly", "Kept");
    await write({ "jobs/b.yml": "jobs: { more: { name: More } }" });
    expect(await names()).toEqual(["Nightly", "More"]);
    await forge("Nightly", "Kept");
    await rm(join(dir, "jobs/b.yml"));
    expect(await names()).toEqual(["Nightly"]);
  });

  it("is not used once a file that is included changed or came", async () => {
    await write({
      "jobs/a.yml": "include: [../more/*.yml]\njobs: { one: { name: One } }",
      "more/b.yml": "jobs: { two: { name: Two } }",
    });
    await read();
    await forge("One", "Kept");
    expect(await names()).toEqual(["Kept", "Two"]);
    await write({ "more/c.yml": "jobs: { three: { name: Three } }" });
    expect(await names()).toEqual(["One", "Two", "Three"]);
    await write({ "more/c.yml": "jobs: { three: { name: Drei } }" });
    expect(await names()).toEqual(["One", "Two", "Drei"]);
  });

  it("stands for its variables, target, defaults, profile and build only", async () => {
    await write({ "jobs/a.yml": JOB });
    await read();
    await forge("Nightly", "Kept");
    const others: Parameters<typeof read>[] = [
      [{ variables: new Map([["x", { value: 1, origin: "target" as const }]]) }],
      [{ target: "prod" }],
      [{ project: "other" }],
      [{ defaults: parsePlacedYaml("max_concurrent_runs: 3", "headgate.yaml").root }],
      [{ defaults: parsePlacedYaml("\nmax_concurrent_runs: 3", "headgate.yaml").root }],
      [{ cache: { folder, build: "2" } }],
      [{}, { profile: "bundle" }],
    ];
    for (const other of others) expect(await names(...other)).toEqual(["Nightly"]);
    expect(await names()).toEqual(["Kept"]);
  });

  it("stands for the workspace's answers where they were asked for", async () => {
    await write({ "jobs/a.yml": `jobs: { one: { name: "Of \${workspace.current_user.userName}" } }` });
    const as = (user: string) => ({ workspace: async () => ({ "current_user.userName": user }) });
    expect(await names(as("anna"))).toEqual(["Of anna"]);
    await forge("Of anna", "Kept");
    expect(await names(as("anna"))).toEqual(["Kept"]);
    expect(await names(as("ben"))).toEqual(["Of ben"]);
  });

  it("holds references to secrets, never their values", async () => {
    await write({ "jobs/a.yml": `jobs: { one: { name: One, tags: { t: "\${env:CANARY}" } } }` });
    await read();
    const [name = ""] = await readdir(folder);
    expect(await readFile(join(folder, name), "utf8")).toContain(`\${env:CANARY}`);
  });

  it.each([
    ["torn", (text: string) => text.slice(0, -20)],
    ["empty", () => ""],
    ["touched", (text: string) => text.replace("Nightly", "Forged")],
  ])("is read anew where it is %s", async (_how, spoil) => {
    await write({ "jobs/a.yml": JOB });
    await read();
    const [name = ""] = await readdir(folder);
    await writeFile(join(folder, name), spoil(await readFile(join(folder, name), "utf8")));
    expect(await names()).toEqual(["Nightly"]);
    await forge("Nightly", "Kept");
    expect(await names()).toEqual(["Kept"]);
  });

  it("is left out where it would not come back as it is, or cannot be written", async () => {
    await write({ "jobs/a.yml": "jobs: { one: { name: One, odd: 1e300 } }" });
    await read();
    expect(await readdir(folder).catch(() => [])).toEqual([]);
    await write({ "jobs/a.yml": JOB, taken: "" });
    expect(await names({ cache: { folder: join(dir, "taken", "cache"), build: "1" } })).toEqual(["Nightly"]);
  });

  it("stays small, and whole where several write at once", async () => {
    await write({ "jobs/a.yml": JOB });
    await Promise.all(Array.from({ length: 30 }, (_, target) => read({ target: `t${target % 25}` })));
    await read();
    const kept = await readdir(folder);
    expect(kept.length).toBeLessThanOrEqual(16);
    expect(kept.every((name) => name.endsWith(".declared"))).toBe(true);
    await forge("Nightly", "Kept");
    expect(await names()).toEqual(["Kept"]);
  });
});

it("reads again on another branch, where the branch is part of a job", async () => {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: dir, stdio: "ignore" });
  git("init", "-q", "-b", "main");
  git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x");
  await write({ "jobs/a.yml": 'jobs: { a: { description: "${bundle.git.branch}", tasks: [] } }\n' });
  expect((await read()).jobs[0]?.settings.description).toBe("main");
  expect((await read()).jobs[0]?.settings.description).toBe("main");
  git("checkout", "-q", "-b", "other");
  expect((await read()).jobs[0]?.settings.description).toBe("other");
});
