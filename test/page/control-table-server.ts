/** The real server over a fake workspace with a control table: what the editor of the page, and its routes, are tested with. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/databricks/index.ts";
import { type Headgate, openHeadgate } from "../../src/app.ts";
import { start, type TestServer } from "../../src/server/testing/start.ts";

export const TABLE = "main.etl.control";

const COLUMNS = ["resource_id", "job_name", "task_key", "depends_on", "task_type", "job_config", "task_config"].map(
  (name) => ({ name, type: "STRING" }),
);
const REST = [
  { name: "disabled", type: "BOOLEAN" },
  { name: "updated_by", type: "STRING" },
  { name: "updated_timestamp", type: "TIMESTAMP" },
];

/** A row of v0.2, as a SELECT gives it. */
export const tableRow = (job: string, task: string, dependsOn = "[]") => [
  ...[job, "Sales", task, dependsOn, "notebook", "{}"],
  JSON.stringify({ file_path: `/nb/${task}` }),
  ...[false, "anna@example.com", "2026-11-01T06:00:00.000Z"],
];

/** What is open. */
export interface TableWorld {
  fake: FakeDatabricks;
  headgate: Headgate;
  server: TestServer;
  /** Cells of one row as they stand in the table, by column. */
  row(task: string): Record<string, unknown> | undefined;
  close(): Promise<void>;
}

/** Starts it. @param apply whether the server may write */
export async function startTableServer(apply: boolean, webDir?: string): Promise<TableWorld> {
  const dir = mkdtempSync(path.join(tmpdir(), "headgate-table-page-"));
  const fake = await startFakeDatabricks({
    principals: [{ userName: "anna@example.com", tokens: ["anna-token"], admin: true }],
  });
  fake.control.setTable({
    name: TABLE,
    columns: [...COLUMNS, ...REST],
    rows: [tableRow("sales", "extract"), tableRow("sales", "load", '["extract"]'), tableRow("stock", "count")],
  });
  const config = {
    version: 1,
    project: "shop",
    workspaces: { w: { host: fake.url, auth: { kind: "pat", token: `\${env:TOKEN}` }, warehouse: "wh-1" } },
    targets: { dev: { default: true, workspace: "w" } },
    jobs: { sources: [{ name: "control", kind: "control-table", table: TABLE }] },
  };
  writeFileSync(path.join(dir, "headgate.yaml"), JSON.stringify(config));
  const headgate = await openHeadgate({ dir, env: { TOKEN: "anna-token" } });
  const server = await start({ deps: { jobs: headgate.jobs, runs: headgate.runs, webDir }, settings: { apply } });
  return {
    fake,
    headgate,
    server,
    row: (task) => fake.control.table({ name: TABLE }).find((row) => row.task_key === task),
    async close() {
      await server.close();
      await headgate.close();
      await fake.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
