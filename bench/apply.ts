/** `headgate jobs apply` of 1,000 new jobs against a workspace that limits requests, beside the time that its limit alone takes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { measureNode } from "./measure/child.ts";
import { startFakeProcess } from "./measure/fake-process.ts";
import { type Headline, headline } from "./measure/headline.ts";

const MAIN = path.resolve(import.meta.dirname, "../dist/main.js");
const JOBS = 1_000;
/** Requests a second that the official SDKs allow themselves (`DATABRICKS_RATE_LIMIT`). */
const DOCUMENTED = 15;
/** So many times faster than the documented limit, so that the benchmark ends within a minute. */
const SCALE = 2;
/** What a call takes over a real network, by the same scale. */
const LATENCY_MS = 200 / SCALE;

const job = (index: number): string =>
  `  job_${index}:
    name: "Job ${index}"
    max_concurrent_runs: 1
    tasks:
      - task_key: main
        notebook_task: { notebook_path: /Shared/sales/main, base_parameters: { part: "${index}" } }`;

function writeProject(folder: string): void {
  mkdirSync(path.join(folder, "jobs"), { recursive: true });
  writeFileSync(
    path.join(folder, "headgate.yaml"),
    `version: 1
project: bench
workspaces:
  main: { host: "\${env:DATABRICKS_HOST}", auth: { kind: pat, token: "\${env:DATABRICKS_TOKEN}" } }
targets:
  main: { default: true, workspace: main }
jobs:
  sources:
    - { name: files, kind: yaml, path: "jobs/*.yml" }
`,
  );
  const jobs = Array.from({ length: JOBS }, (_, index) => job(index));
  writeFileSync(path.join(folder, "jobs/all.yml"), `jobs:\n${jobs.join("\n")}\n`);
}

/** Wall time and refused requests of one apply; the floor is one request a job at the limit. */
export async function run(): Promise<Headline[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "headgate-bench-"));
  const perSecond = DOCUMENTED * SCALE;
  const fake = await startFakeProcess({ rateLimit: { perSecond, burst: perSecond } });
  try {
    writeProject(folder);
    await fake.control("add-fault", { path: "^/api/", count: 0, fault: { kind: "slow", delayMs: LATENCY_MS } });
    const env = {
      DATABRICKS_HOST: fake.url,
      DATABRICKS_TOKEN: fake.token,
      DATABRICKS_RATE_LIMIT: String(perSecond),
      HOME: folder,
    };
    await fake.control("clear-requests");
    const began = performance.now();
    const apply = await measureNode([MAIN, "jobs", "apply", "--yes", "--first-deploy"], { cwd: folder, env });
    const tookS = (performance.now() - began) / 1_000;
    if (apply.exitCode !== 0) throw new Error(`apply ended with ${apply.exitCode}: ${apply.stderr}`);
    const requests = await fake.requests("^/api/");
    const made = requests.filter((one) => one.path.endsWith("/jobs/create") && one.status === 200).length;
    if (made !== JOBS) throw new Error(`${made} jobs were created`);
    const what = `apply of ${JOBS.toLocaleString("en")} creates`;
    return [
      headline({
        name: `${what} wall, at ${perSecond} requests a second (${SCALE} times the limit of the official SDKs)`,
        value: tookS,
        unit: "s",
        baseline: JOBS / perSecond,
        baselineName: "one request a job at that limit",
      }),
      headline({
        name: `${what} requests, refused ones among them`,
        value: requests.length,
        unit: "requests",
        baseline: JOBS,
        baselineName: "one request a job",
      }),
    ];
  } finally {
    fake.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
