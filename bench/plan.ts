/** `headgate jobs plan` of 1,000 unchanged jobs with 5 tasks each, against a client that only lists them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Measured, measureNode, median } from "./measure/child.ts";
import { startFakeProcess } from "./measure/fake-process.ts";
import { type Headline, headline } from "./measure/headline.ts";

const MAIN = path.resolve(import.meta.dirname, "../dist/main.js");
const LIST_ONLY = path.join(import.meta.dirname, "measure/list-only.mjs");
const JOBS = 1_000;
const TASKS = 5;
const FILES = 20;
const ROUNDS = 3;

const job = (index: number): string =>
  [
    `  job_${index}:`,
    `    name: "Job ${index}"`,
    `    description: "Loads part ${index} of the sales mart"`,
    "    max_concurrent_runs: 1",
    `    tags: { team: sales, part: "${index % 7}" }`,
    `    schedule: { quartz_cron_expression: "0 ${index % 60} ${index % 24} * * ?", timezone_id: UTC }`,
    "    job_clusters:",
    "      - job_cluster_key: main",
    "        new_cluster: { spark_version: 15.4.x-scala2.12, node_type_id: Standard_DS3_v2, num_workers: 2 }",
    "    tasks:",
    ...Array.from({ length: TASKS }, (_, task) =>
      [
        `      - task_key: step_${task}`,
        ...(task === 0 ? [] : [`        depends_on: [ { task_key: step_${task - 1} } ]`]),
        "        job_cluster_key: main",
        `        notebook_task: { notebook_path: /Shared/sales/step_${task}, base_parameters: { part: "${index}" } }`,
        "        timeout_seconds: 3600",
      ].join("\n"),
    ),
  ].join("\n");

const writeProject = (folder: string): void => {
  mkdirSync(path.join(folder, "jobs"), { recursive: true });
  const config = [
    "version: 1",
    "project: bench",
    "workspaces:",
    '  main: { host: "${env:DATABRICKS_HOST}", auth: { kind: pat, token: "${env:DATABRICKS_TOKEN}" } }',
    "targets:",
    "  main: { default: true, workspace: main }",
    "jobs:",
    "  sources:",
    '    - { name: files, kind: yaml, path: "jobs/*.yml" }',
  ];
  writeFileSync(path.join(folder, "headgate.yaml"), `${config.join("\n")}\n`);
  const each = JOBS / FILES;
  for (let file = 0; file < FILES; file += 1) {
    const jobs = Array.from({ length: each }, (_, index) => job(file * each + index));
    writeFileSync(path.join(folder, `jobs/part-${file}.yml`), `jobs:\n${jobs.join("\n")}\n`);
  }
};

const expectExit = (run: Measured, what: string): Measured => {
  if (run.exitCode !== 0)
    throw new Error(`${what} ended with ${run.exitCode}: ${run.stderr}${run.stdout.slice(0, 2_000)}`);
  return run;
};

/** Requests, CPU and peak memory of one plan with nothing to do. Limits are those of the design: 15, 3 s, 250 MB. */
export async function run(): Promise<Headline[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "headgate-bench-"));
  const fake = await startFakeProcess();
  try {
    writeProject(folder);
    const env = {
      DATABRICKS_HOST: fake.url,
      DATABRICKS_TOKEN: fake.token,
      DATABRICKS_RATE_LIMIT: "10000",
      HOME: folder,
    };
    const options = { cwd: folder, env };
    expectExit(await measureNode([MAIN, "jobs", "apply", "--yes", "--first-deploy"], options), "apply");

    const plans: Measured[] = [];
    const lists: Measured[] = [];
    let requests = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      await fake.control("clear-requests");
      const plan = expectExit(await measureNode([MAIN, "jobs", "plan", "--json"], options), "plan");
      requests = (await fake.requests("^/api/")).length;
      const { summary } = JSON.parse(plan.stdout) as { summary: Record<string, number> };
      if (summary.noop !== JOBS) throw new Error(`the plan is not empty: ${JSON.stringify(summary)}`);
      plans.push(plan);
      lists.push(expectExit(await measureNode([LIST_ONLY], options), "list"));
    }
    const { pages } = JSON.parse(lists[0]?.stdout ?? "{}") as { pages: number };
    const of = (runs: Measured[], pick: (run: Measured) => number): number => median(runs.map(pick));
    return [
      headline({
        name: "plan requests",
        value: requests,
        unit: "requests",
        baseline: pages,
        baselineName: "pages of the list",
        limit: 15,
      }),
      headline({
        name: "plan cpu",
        value: of(plans, (run) => run.cpuMs) / 1_000,
        unit: "s",
        baseline: of(lists, (run) => run.cpuMs) / 1_000,
        baselineName: "listing and parsing the same pages",
        limit: 3,
      }),
      headline({
        name: "plan peak memory",
        value: of(plans, (run) => run.peakMb),
        unit: "MB",
        baseline: of(lists, (run) => run.peakMb),
        baselineName: "listing and parsing the same pages",
        limit: 250,
      }),
    ];
  } finally {
    fake.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
