/** `headgate jobs plan` of 1,000 and of 10,000 unchanged jobs with 5 tasks each, against a client that only lists them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Measured, measureNode, median } from "./measure/child.ts";
import { startFakeProcess } from "./measure/fake-process.ts";
import { type Headline, headline } from "./measure/headline.ts";

const MAIN = path.resolve(import.meta.dirname, "../dist/main.js");
const LIST_ONLY = path.join(import.meta.dirname, "measure/list-only.mjs");
const TASKS = 5;
const JOBS_A_FILE = 50;
/** The fake remembers so many requests: a count that reaches it is none. */
const LOGGED = 10_000;

/** What is promised of a fleet's plan. */
interface Fleet {
  name: string;
  jobs: number;
  rounds: number;
  limits: { requests: number; cpuS: number; peakMb: number };
}

const FLEETS: readonly Fleet[] = [
  { name: "plan", jobs: 1_000, rounds: 3, limits: { requests: 15, cpuS: 3, peakMb: 250 } },
  { name: "plan of 10,000", jobs: 10_000, rounds: 1, limits: { requests: 120, cpuS: 20, peakMb: 800 } },
];

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

const writeProject = (folder: string, count: number): void => {
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
  for (let file = 0; file < count / JOBS_A_FILE; file += 1) {
    const jobs = Array.from({ length: JOBS_A_FILE }, (_, index) => job(file * JOBS_A_FILE + index));
    writeFileSync(path.join(folder, `jobs/part-${file}.yml`), `jobs:\n${jobs.join("\n")}\n`);
  }
};

const expectExit = (run: Measured, what: string): Measured => {
  if (run.exitCode !== 0)
    throw new Error(`${what} ended with ${run.exitCode}: ${run.stderr}${run.stdout.slice(0, 2_000)}`);
  return run;
};

const of = (runs: Measured[], pick: (run: Measured) => number): number => median(runs.map(pick));

/** One fleet: made in a fake of its own, then planned with nothing to do, first without what an earlier plan kept. */
async function measureFleet({ name, jobs, rounds, limits }: Fleet): Promise<Headline[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "headgate-bench-"));
  const fake = await startFakeProcess();
  try {
    writeProject(folder, jobs);
    const env = {
      DATABRICKS_HOST: fake.url,
      DATABRICKS_TOKEN: fake.token,
      DATABRICKS_RATE_LIMIT: "10000",
      HOME: folder,
    };
    const options = { cwd: folder, env };
    await fake.control("clear-requests");
    const apply = expectExit(await measureNode([MAIN, "jobs", "apply", "--yes", "--first-deploy"], options), "apply");
    const sent = (await fake.requests("^/api/")).length;

    const planned = async (): Promise<Measured> => {
      const plan = expectExit(await measureNode([MAIN, "jobs", "plan", "--json"], options), "plan");
      const { summary } = JSON.parse(plan.stdout) as { summary: Record<string, number> };
      if (summary.noop !== jobs) throw new Error(`the plan is not empty: ${JSON.stringify(summary)}`);
      return plan;
    };
    const cold: Measured[] = [];
    const warm: Measured[] = [];
    const lists: Measured[] = [];
    let requests = 0;
    for (let round = 0; round < rounds; round += 1) {
      rmSync(path.join(folder, ".headgate/cache"), { recursive: true, force: true });
      await fake.control("clear-requests");
      cold.push(await planned());
      requests = (await fake.requests("^/api/")).length;
      lists.push(expectExit(await measureNode([LIST_ONLY], options), "list"));
      warm.push(await planned());
    }
    const { pages } = JSON.parse(lists[0]?.stdout ?? "{}") as { pages: number };
    const cpu = (runs: Measured[]): number => of(runs, (run) => run.cpuMs) / 1_000;
    const peak = (runs: Measured[]): number => of(runs, (run) => run.peakMb);
    const made = `${jobs.toLocaleString("en")} creates`;
    const listing = { baselineName: "listing and parsing the same pages" };
    return [
      headline({
        name: `${name} requests`,
        value: requests,
        unit: "requests",
        baseline: pages,
        baselineName: "pages of the list",
        limit: limits.requests,
      }),
      headline({
        name: `${name} cpu`,
        value: cpu(cold),
        unit: "s",
        baseline: cpu(lists),
        ...listing,
        limit: limits.cpuS,
      }),
      headline({
        name: `${name} cpu, declarations kept`,
        value: cpu(warm),
        unit: "s",
        baseline: cpu(lists),
        ...listing,
        limit: limits.cpuS,
      }),
      headline({
        name: `${name} peak memory`,
        value: Math.max(peak(cold), peak(warm)),
        unit: "MB",
        baseline: peak(lists),
        ...listing,
        limit: limits.peakMb,
      }),
      ...(sent < LOGGED
        ? [
            headline({
              name: `apply of ${made} requests`,
              value: sent,
              unit: "requests",
              baseline: jobs,
              baselineName: "one request a job, the least that the rate limit counts",
            }),
          ]
        : []),
      headline({
        name: `apply of ${made} cpu`,
        value: apply.cpuMs / 1_000,
        unit: "s",
        baseline: cpu(lists),
        ...listing,
      }),
    ];
  } finally {
    fake.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Requests, CPU and peak memory of plans with nothing to do, against the limits of the design; what making the fleets took. */
export async function run(): Promise<Headline[]> {
  const headlines: Headline[] = [];
  for (const fleet of FLEETS) headlines.push(...(await measureFleet(fleet)));
  return headlines;
}
