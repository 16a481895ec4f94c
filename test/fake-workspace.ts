/** A fake workspace with our client and doors opened on it over HTTP, for tests. */
import { type FakeDatabricks, type FakeDatabricksOptions, startFakeDatabricks } from "../fakes/databricks/index.ts";
import type { Credentials } from "../src/clients/databricks/auth/credentials.ts";
import { patCredentials } from "../src/clients/databricks/auth/pat.ts";
import { type DatabricksClient, type DatabricksOptions, openDatabricks } from "../src/clients/databricks/client.ts";
import { openDatabricksWorkspace } from "../src/workspace/databricks.ts";
import { openDatabricksFiles } from "../src/workspace/files.ts";
import type { JobsWorkspace, WorkspaceFiles } from "../src/workspace/workspace.ts";
import { type QuickClock, quickClock } from "./quick-clock.ts";

/** One principal's view of a workspace. */
export interface WorkspaceView {
  client: DatabricksClient;
  workspace: JobsWorkspace;
  files: WorkspaceFiles;
  /** The client's clock: waits for repeats take no time. */
  clock: QuickClock;
}

/** A running workspace, seen by its admin. */
export interface FakeWorkspace extends WorkspaceView {
  fake: FakeDatabricks;
  /** Opens it for another token, or with other options. */
  openAs(credentials: string | DatabricksOptions["credentials"], options?: Partial<DatabricksOptions>): WorkspaceView;
}

/** Starts a workspace; the caller closes `fake`. */
export async function startFakeWorkspace(options: FakeDatabricksOptions = {}): Promise<FakeWorkspace> {
  const fake = await startFakeDatabricks(options);
  function openAs(
    who: string | Credentials | DatabricksOptions["credentials"],
    more: Partial<DatabricksOptions> = {},
  ): WorkspaceView {
    const clock = quickClock();
    const credentials = typeof who === "string" ? patCredentials(who) : who;
    const userAgent = "headgate/0.0.0-test";
    const client = openDatabricks({ host: fake.url, clock, userAgent, rateLimit: 1_000, ...more, credentials });
    return { clock, client, workspace: openDatabricksWorkspace({ client }), files: openDatabricksFiles({ client }) };
  }
  return { fake, ...openAs(fake.token), openAs };
}
