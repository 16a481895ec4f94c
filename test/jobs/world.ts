/** A fake workspace with people and their laptops, for tests of the jobs room: opened once a test, closed with all that is in it. */
import { type FakeDatabricks, type FakeDatabricksOptions, startFakeDatabricks } from "../../fakes/databricks/index.ts";
import type { JobSettings } from "../../src/model/job.ts";
import type { Change, Plan } from "../../src/model/plan.ts";
import type { DeployState } from "../../src/model/state.ts";
import { type Laptop, type LaptopOptions, openLaptop } from "./laptop.ts";

export const ROOT = { userName: "root@example.com", tokens: ["token-root"], admin: true };
export const ANNA = { userName: "anna@example.com", tokens: ["token-anna"] };
export const BEN = { userName: "ben@example.com", tokens: ["token-ben"] };

const STATE = "/Workspace/Shared/.headgate/shop/prod/state.json";

/** A small job of this name. */
export const job = (name: string, more: JobSettings = {}): JobSettings => ({
  name,
  tasks: [{ task_key: "main", notebook_task: { notebook_path: `/etl/${name}` } }],
  ...more,
});

/** See {@link openWorld}. */
export interface World {
  fake: FakeDatabricks;
  /** Opens a laptop of an admin, or of whom the token says. */
  laptop(options: Partial<LaptopOptions> & { jobs: Record<string, JobSettings> }): Laptop;
  /** Jobs of a name. */
  jobsOf(name: string): ReturnType<FakeDatabricks["control"]["jobs"]>;
  idOf(name: string): string;
  settingsOf(name: string): JobSettings;
  /** Requests that change jobs, permissions or runs. */
  writes(): { path: string; status: number }[];
  /** The state file, changed by `edit` where it is given. */
  state(edit?: (state: DeployState) => void): DeployState;
  close(): Promise<void>;
}

/** Starts a workspace with an admin and two people who do not see each other's jobs. */
export async function openWorld(options: FakeDatabricksOptions = {}): Promise<World> {
  const fake = await startFakeDatabricks({ principals: [ROOT, ANNA, BEN], ...options });
  const laptops: Laptop[] = [];
  const jobsOf = (name: string) => fake.control.jobs().filter((one) => one.settings.name === name);
  return {
    fake,
    laptop(more) {
      const opened = openLaptop({ url: fake.url, fetch: fake.fetch, token: "token-root", ...more });
      laptops.push(opened);
      return opened;
    },
    jobsOf,
    idOf: (name) => jobsOf(name)[0]?.jobId ?? "",
    settingsOf: (name) => (jobsOf(name)[0]?.settings ?? {}) as JobSettings,
    writes: () =>
      fake.control
        .requests({ path: "/jobs/(create|reset|update|delete|run-now)$|/permissions/" })
        .filter((request) => request.method !== "GET")
        .map(({ path, status }) => ({ path: path.replace(/^.*\/api\/2\.\d\//, ""), status })),
    state(edit) {
      const file = fake.control.files().find((one) => one.path.endsWith("/shop/prod/state.json"));
      const state = JSON.parse(file?.text ?? "null") as DeployState;
      edit?.(state);
      if (edit) fake.control.writeFile({ path: STATE, text: JSON.stringify(state) });
      return state;
    },
    async close() {
      for (const one of laptops) one.throwAway();
      await fake.close();
    },
  };
}

/** A row of a laptop's plan. */
export async function rowOf(laptop: Laptop, resource: string): Promise<Change | undefined> {
  return (await laptop.room.plan()).changes.find((change) => change.resource === resource);
}

/** Kind and path of a row's fields. */
export const fieldsOf = (change: Change | undefined) => change?.fields.map((field) => `${field.kind} ${field.path}`);

/** Action of each row. */
export const actionsOf = (plan: Plan) =>
  Object.fromEntries(plan.changes.map((change) => [change.resource, change.action]));
