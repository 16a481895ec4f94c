/** Changes of every kind, each as a small world with a before and an after: what tests of crashes and of two people play. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/databricks/index.ts";
import type { ApplyOptions } from "../../src/jobs/room.ts";
import type { JobSettings } from "../../src/model/job.ts";
import { openControlTableSource } from "../../src/sources/jobs/control-table/index.ts";
import { openTemplateSource } from "../../src/sources/jobs/template/index.ts";
import type { JsonObject } from "../../src/util/json.ts";
import { type LaptopOptions, openLaptop } from "./laptop.ts";
import { job } from "./world.ts";

const ANNA = "anna@example.com";

/** What a laptop declares. */
export type Declared = Pick<LaptopOptions, "jobs" | "previous" | "permissions" | "sources">;

/** One kind of change. */
export interface Kind {
  name: string;
  /** Applied before. */
  before: Declared;
  /** What else is in the workspace then: what somebody did, and tables. */
  prepare?(fake: FakeDatabricks): void;
  /** What is to be applied. */
  after: Declared;
  options?: ApplyOptions;
  /** Names of the jobs at the end, sorted. */
  names: string[];
  /** What else is true at the end. */
  check?(fake: FakeDatabricks, label: string): void;
}

const settingsOf = (fake: FakeDatabricks, name: string) =>
  fake.control.jobs().find(({ settings }) => settings.name === name)?.settings as JobSettings | undefined;
const idOf = (fake: FakeDatabricks, name: string) =>
  fake.control.jobs().find(({ settings }) => settings.name === name)?.jobId ?? "";

const TABLE = "main.etl.control";
const COLUMNS = [
  "resource_id",
  "job_name",
  "task_key",
  "depends_on",
  "task_type",
  "job_config",
  "task_config",
  "disabled",
];
const row = (resource: string, key: string, path: string) => [
  ...[resource, resource, key, "[]", "notebook", "{}", JSON.stringify({ file_path: path }), false],
];

/** A control table of three jobs: one that its tracking table knows, one that is there already, one that is new. */
const table: Declared = {
  jobs: {},
  sources: (client, dir) => [
    openControlTableSource(
      { kind: "control-table", table: TABLE, profile: "lakeflow-meta" },
      {
        ...{ dir, project: "shop", target: "prod", variables: new Map(), defaults: undefined, warehouse: "wh-1" },
        workspace: async () => ({}),
        statements: async () => client.statements,
      },
    ),
  ],
};
const setRows = (fake: FakeDatabricks, ...rows: ReturnType<typeof row>[]) =>
  fake.control.setTable({ name: TABLE, columns: COLUMNS, rows });

const TEMPLATE = `{"name": "{{ job.name }}", "max_retries": {{ job.retries }}, "notebook_task": {"notebook_path": "{{ job.path }}"}}`;
/** db-dsc-jobs' folder with these definitions. */
const templates = (definitions: Record<string, object>): Declared => {
  const folder = mkdtempSync(join(tmpdir(), "headgate-kinds-"));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  write("templates/standard.jinja2", TEMPLATE);
  for (const [name, definition] of Object.entries(definitions))
    write(`jobs/${name}.json`, JSON.stringify({ name, path: `/etl/${name}`, ...definition }));
  return {
    jobs: {},
    sources: () => [
      openTemplateSource(
        { kind: "template", definitions: "jobs/*.json", templates: "templates", profile: "dsc" },
        {
          ...{ dir: folder, project: "shop", target: "prod", variables: new Map(), defaults: undefined },
          workspace: async () => ({}),
        },
      ),
    ],
  };
};

const rights = (...levels: [user: string, level: string][]): JsonObject[] =>
  levels.map(([user, permission_level]) => ({ user_name: `${user}@example.com`, permission_level }));

/** Makes the kinds anew: templates lie in folders of their own. */
export const kinds = (): Kind[] => [
  {
    name: "templates",
    before: templates({ same: { retries: 1 }, changed: { retries: 1 } }),
    // Jobs of db-dsc-jobs itself are known by name and maker.
    prepare(fake) {
      fake.control.seedJobs({ jobs: [job("taken"), job("Theirs")] as never, as: "carl@example.com" });
      fake.control.seedJobs({ jobs: [job("taken")] as never, as: ANNA });
    },
    after: templates({
      ...{ same: { retries: 1 }, changed: { retries: 2 } },
      ...{ taken: { retries: 3 }, fresh: { retries: 4 } },
    }),
    names: ["changed", "fresh", "same", "taken"],
    check: (fake, label) => expect(settingsOf(fake, "changed")?.tasks?.[0], label).toMatchObject({ max_retries: 2 }),
  },
  {
    name: "a control table",
    before: { jobs: {} },
    prepare(fake) {
      const { jobIds } = fake.control.seedJobs({ jobs: [job("[Lakeflow Jobs Meta] known")] as never, as: ANNA });
      setRows(fake, row("known", "a", "/known"), row("one", "a", "/one"), row("two", "a", "/two"));
      fake.control.setTable({
        name: `${TABLE}_jobs`,
        columns: ["resource_id", "job_id", "job_name"],
        rows: [["known", jobIds[0] ?? "", "[Lakeflow Jobs Meta] known"]],
      });
    },
    after: table,
    options: { firstDeploy: true },
    names: ["[Lakeflow Jobs Meta] known", "[Lakeflow Jobs Meta] one", "[Lakeflow Jobs Meta] two"],
    check(fake, label) {
      const rows = fake.control.table({ name: `${TABLE}_jobs` });
      const tracked = rows.map(({ resource_id, job_id }) => [resource_id, String(job_id)]).sort();
      expect(tracked, label).toEqual(
        ["known", "one", "two"].map((name) => [name, idOf(fake, `[Lakeflow Jobs Meta] ${name}`)]),
      );
    },
  },
  {
    name: "renames",
    before: { jobs: { a: job("A"), b: job("B"), c: job("C") } },
    after: {
      jobs: { a: job("New A"), b2: job("B"), c2: job("New C", { timeout_seconds: 5 }) },
      previous: { b2: ["b"], c2: ["c"] },
    },
    names: ["B", "New A", "New C"],
    check: (fake, label) => expect(fake.control.requests({ path: "/jobs/delete$" }), label).toEqual([]),
  },
  {
    name: "permissions",
    before: {
      jobs: { a: job("A"), b: job("B") },
      permissions: { a: rights(["ben", "CAN_VIEW"]) },
    },
    prepare: (fake) =>
      fake.control.grant({ jobId: idOf(fake, "A"), principal: "user_name:carl@example.com", level: "CAN_MANAGE" }),
    after: {
      jobs: { a: job("A"), b: job("B", { timeout_seconds: 5 }), c: job("C") },
      permissions: {
        a: rights(["ben", "CAN_MANAGE_RUN"]),
        b: rights(["ben", "CAN_VIEW"]),
        c: rights(["ben", "CAN_MANAGE"]),
      },
    },
    names: ["A", "B", "C"],
    check(fake, label) {
      const levels = ["A", "B", "C"].map((name) => fake.control.job({ jobId: idOf(fake, name) }).permissions);
      const owned = (level: string) => ({ [`user_name:${ANNA}`]: "IS_OWNER", "user_name:ben@example.com": level });
      expect(levels, label).toEqual([owned("CAN_MANAGE_RUN"), owned("CAN_VIEW"), owned("CAN_MANAGE")]);
    },
  },
  {
    name: "deletions",
    before: { jobs: { a: job("A"), b: job("B"), c: job("C") } },
    prepare: (fake) =>
      void fake.control.editJob({ jobId: idOf(fake, "B"), settings: { description: "by hand" } as never }),
    after: { jobs: { a: job("A") } },
    options: { allowDelete: 2 },
    names: ["A"],
  },
];

/** A workspace in which the kind's before is applied, and what else there is. */
export async function openKind(kind: Kind, more: Omit<LaptopOptions, "url" | "token" | "jobs">) {
  const fake = await startFakeDatabricks({
    principals: [
      { userName: ANNA, tokens: ["token-anna"], admin: true },
      { userName: "ben@example.com", tokens: ["token-ben"], admin: true },
      { userName: "carl@example.com", tokens: ["token-carl"] },
    ],
  });
  const base = { ...more, fetch: fake.fetch, url: fake.url, token: "token-anna" };
  const first = openLaptop({ ...base, ...kind.before });
  const report = await first.room.apply(await first.room.plan(), { firstDeploy: true });
  if (report.exitCode !== 0) throw new Error(`the first apply ended with ${report.exitCode}`);
  kind.prepare?.(fake);
  fake.control.clearRequests();
  return { fake, base, dir: first.dir };
}

/** The end of a kind: each job once, nobody else's touched, nothing left to do. */
export function expectEnd(kind: Kind, fake: FakeDatabricks, label: string): void {
  const ours = fake.control.jobs().filter(({ creator }) => creator !== "carl@example.com");
  expect(ours.map(({ settings }) => settings.name).sort(), label).toEqual(kind.names);
  const theirs = new Set(
    fake.control.jobs().flatMap(({ creator, jobId }) => (creator === "carl@example.com" ? [jobId] : [])),
  );
  const touched = fake.control.requests({ path: "/jobs/(reset|update|delete)$" }).filter(({ body }) => {
    const id = (body as { job_id?: bigint | number } | undefined)?.job_id;
    return theirs.has(String(id));
  });
  expect(touched, label).toEqual([]);
  kind.check?.(fake, label);
}
