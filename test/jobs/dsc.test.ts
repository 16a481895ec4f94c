/** db-dsc-jobs' whole program: `headgate jobs apply --params params.json` in a folder with `jobs/` and `templates/`. */
import { generateKeyPairSync } from "node:crypto";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeAzure, startFakeAzure } from "../../fakes/azure/index.ts";
import { type FakeDatabricks, startFakeDatabricks } from "../../fakes/databricks/index.ts";
import { cli } from "../run-cli.ts";

const EXAMPLE = fileURLToPath(new URL("../../examples/dsc-jobs/", import.meta.url));
const APP = "bbbbbbbb-0000-4000-8000-000000000002";
const RESOURCE = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d";
const THUMBPRINT = "0123456789ABCDEF0123456789ABCDEF01234567";
const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });

let dir: string;
let fake: FakeDatabricks;
let azure: FakeAzure;
beforeEach(async () => {
  dir = join(await mkdtemp(join(tmpdir(), "headgate-dsc-")), "warehouse");
  await cp(join(EXAMPLE, "jobs/jinja_job_example.json"), join(dir, "jobs/jinja_job_example.json"), { recursive: true });
  await cp(join(EXAMPLE, "templates/standard.jinja2"), join(dir, "templates/standard.jinja2"), { recursive: true });
  fake = await startFakeDatabricks({
    principals: [
      { userName: "anna@example.com", tokens: ["canary-pat"] },
      { userName: APP, displayName: "deployer", tokens: ["app-token"] },
    ],
  });
  azure = await startFakeAzure({
    tenants: {
      contoso: [
        {
          clientId: APP,
          secrets: ["canary-secret"],
          certificates: [{ publicKey: pair.publicKey, thumbprint: THUMBPRINT }],
        },
      ],
    },
    identities: [{ clientId: APP }],
    onToken: ({ token, clientId, lifetimeSeconds }) =>
      fake.control.addToken({ token, userName: clientId, lifetimeSeconds }),
  });
  await writeFile(join(dir, "key.pem"), pair.privateKey.export({ type: "pkcs8", format: "pem" }));
});
afterEach(async () => {
  await azure.close();
  await fake.close();
  await rm(join(dir, ".."), { recursive: true });
});

async function apply(params: Record<string, string> | string, ...more: string[]) {
  const text = typeof params === "string" ? params : JSON.stringify(params, null, 2);
  await writeFile(join(dir, "params.json"), text);
  const ran = await cli(["jobs", "apply", "--params", "params.json", ...more], { cwd: dir });
  expect(ran.stdout + ran.stderr).not.toContain("canary");
  return ran;
}
const authority = () => `${azure.url}/contoso`;
const EMPTY = { cert_thumbprint: "", private_key_file: "", client_secret: "", pat_token: "" };

describe("each way to sign in creates the folder's job, and a second run does nothing", () => {
  it.each([
    ["pat", () => ({ authority_type: "pat", client_id: "anna@example.com", pat_token: "canary-pat" })],
    [
      "spn-key",
      () => ({
        authority_type: "spn-key",
        authority: authority(),
        client_id: APP,
        resource: RESOURCE,
        client_secret: "canary-secret",
      }),
    ],
    [
      "spn-cert",
      () => ({
        authority_type: "spn-cert",
        authority: authority(),
        client_id: APP,
        resource: RESOURCE,
        cert_thumbprint: THUMBPRINT,
        private_key_file: "key.pem",
      }),
    ],
    [
      "spn-cert with the code's own key",
      () => ({
        authority_type: "spn-cert",
        authority: authority(),
        client_id: APP,
        resource: RESOURCE,
        thumbprint: THUMBPRINT,
        private_key_file: "key.pem",
      }),
    ],
    [
      "msi",
      () => ({
        authority_type: "msi",
        authority: `${azure.metadataUrl}?api-version=2018-02-01`,
        client_id: APP,
        resource: RESOURCE,
      }),
    ],
  ])("%s", async (_, params) => {
    const given = { ...EMPTY, ...params(), databricks_uri: fake.url };
    const first = await apply(given);
    expect(first.code, first.stderr).toBe(0);
    const jobs = fake.control.jobs();
    expect(jobs.map(({ settings }) => settings.name)).toEqual(["Jinja job example"]);
    expect(first.stderr).toContain(jobs[0]?.jobId);
    const second = await apply(given);
    expect([second.code, second.stdout]).toEqual([0, expect.stringContaining("Nothing to apply")]);
    expect(fake.control.jobs()).toEqual(jobs);
  });
});

describe("jobs that the original made", () => {
  const made = (as: string, name = "Jinja job example") =>
    fake.control.seedJobs({ jobs: [{ name, tasks: [] }], as }).jobIds[0] as string;
  const params = () => ({
    authority_type: "spn-key",
    authority: authority(),
    client_id: APP,
    resource: RESOURCE,
    client_secret: "canary-secret",
    databricks_uri: fake.url,
  });

  it("are taken over where the principal made them: same id, changed in place; others of the name are not touched", async () => {
    const ours = made(APP);
    const theirs = made("anna@example.com");
    const other = made(APP, "Not in the folder");
    const ran = await apply(params());
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain(`job ${ours} of ${APP} is taken over; it keeps its id`);
    const byId = new Map(fake.control.jobs().map((job) => [job.jobId, job]));
    expect([...byId.keys()].sort()).toEqual([ours, theirs, other].sort());
    expect(byId.get(ours)?.settings.tasks).toHaveLength(1);
    expect(byId.get(theirs)?.settings.tasks ?? []).toHaveLength(0);
    expect((await apply(params())).stdout).toContain("Nothing to apply");
  });

  it("are left alone, and named, where several could be meant", async () => {
    const twins = [made(APP), made(APP)];
    const ran = await apply(params());
    expect(ran.code).toBe(3);
    for (const id of twins) expect(ran.stdout + ran.stderr).toContain(id);
    expect(fake.control.jobs()).toHaveLength(2);
  });
});

describe("what is wrong is said with its place, and nothing is sent", () => {
  it.each([
    ["a missing comma", '{\n  "authority_type": "pat"\n  "databricks_uri": "x"\n}', /params\.json:3:3/],
    [
      "an unknown type",
      '{\n  "authority_type": "spn-kee", "databricks_uri": "https://x" }',
      /params\.json:2:3 authority_type: 'spn-kee' is not known.*\n.*did you mean spn-key/,
    ],
    ["an unknown key", '{ "authority_typ": "pat" }', /params\.json:1:3 authority_typ.*\n.*did you mean authority_type/],
    [
      "an empty secret",
      '{ "authority_type": "pat", "pat_token": "", "databricks_uri": "https://x" }',
      /pat_token: this is missing or empty/,
    ],
    [
      "an authority without a tenant",
      '{ "authority_type": "spn-key", "authority": "https://login.microsoftonline.com", "client_id": "a", "client_secret": "b", "databricks_uri": "https://x" }',
      /authority: this names no tenant/,
    ],
  ])("%s", async (_, text, message) => {
    const ran = await apply(text);
    expect(ran.code).toBe(65);
    expect(ran.stderr).toMatch(message);
    expect(fake.control.requests({})).toEqual([]);
  });

  it.each(["jobs", "templates"])("a folder that is missing: %s", async (folder) => {
    await rm(join(dir, folder), { recursive: true });
    const ran = await apply({ authority_type: "pat", pat_token: "canary-pat", databricks_uri: fake.url });
    expect(ran.code, ran.stdout + ran.stderr).toBe(65);
    expect(ran.stdout + ran.stderr).toContain(`there is no folder ${folder}`);
    expect(fake.control.jobs()).toEqual([]);
  });
});
