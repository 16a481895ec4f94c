/** Which sign-in surrounds a command without a project. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ambientWorkspace } from "./ambient.ts";

let dir: string;
let file: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "headgate-ambient-"));
  file = join(dir, ".databrickscfg");
  await writeFile(
    file,
    "[DEFAULT]\nhost = https://from-file\ntoken = dapi-file\n[other]\nhost = https://other\ntoken = x\n",
  );
});
afterAll(() => rm(dir, { recursive: true }));

const HOST = { DATABRICKS_HOST: "https://w" };
const ask = (env: Record<string, string>, wish: { host?: string; profile?: string } = {}) =>
  ambientWorkspace({ host: wish.host, profile: wish.profile, env: { DATABRICKS_CONFIG_FILE: file, ...env } });

test.each([
  ["a token", { ...HOST, DATABRICKS_TOKEN: "t" }, { kind: "pat", token: "t" }],
  ["id and secret", { ...HOST, DATABRICKS_CLIENT_ID: "a", DATABRICKS_CLIENT_SECRET: "b" }, { kind: "oauth-m2m" }],
  [
    "an Entra application",
    { ...HOST, ARM_CLIENT_ID: "a", ARM_CLIENT_SECRET: "b", ARM_TENANT_ID: "t" },
    { kind: "spn-key", tenant: "t" },
  ],
  ["a managed identity", { ...HOST, ARM_USE_MSI: "true", ARM_CLIENT_ID: "i" }, { kind: "msi", clientId: "i" }],
  ["the Azure CLI", { ...HOST, DATABRICKS_AUTH_TYPE: "azure-cli" }, { kind: "azure-cli" }],
  [
    "the one that is asked for",
    {
      ...HOST,
      DATABRICKS_AUTH_TYPE: "pat",
      DATABRICKS_TOKEN: "t",
      DATABRICKS_CLIENT_ID: "a",
      DATABRICKS_CLIENT_SECRET: "b",
    },
    { kind: "pat" },
  ],
])("the environment says %s", async (_, env, auth) => {
  expect(await ask(env as Record<string, string>)).toEqual({ host: "https://w", auth: expect.objectContaining(auth) });
});

test("a profile that is named wins over the environment; without a sign-in there the default profile is taken", async () => {
  expect(await ask({ ...HOST, DATABRICKS_TOKEN: "t" }, { profile: "other" })).toMatchObject({ host: "https://other" });
  expect(await ask({})).toEqual({ host: "https://from-file", auth: { kind: "profile", profile: "DEFAULT" } });
});

test("half a sign-in of another tool does not stand in the way of a profile", async () => {
  expect(await ask({ ...HOST, ARM_CLIENT_ID: "terraform" })).toMatchObject({ auth: { kind: "profile" } });
});

test.each([
  ["half a sign-in", { ...HOST, DATABRICKS_CLIENT_ID: "a" }, /DATABRICKS_CLIENT_SECRET: is missing/],
  [
    "two whole ones",
    { ...HOST, DATABRICKS_TOKEN: "canary", ARM_CLIENT_ID: "a", ARM_CLIENT_SECRET: "b", ARM_TENANT_ID: "t" },
    /DATABRICKS_AUTH_TYPE: pat and azure-client-secret are both there/,
  ],
  ["nothing", HOST, /nothing says how to sign in to https:\/\/w/],
])("%s, and no profile, is said with what is missing", async (_, env, message) => {
  const none = { ...(env as Record<string, string>), DATABRICKS_CONFIG_FILE: join(dir, "none") };
  const failure = await ask(none).catch((error: unknown) => error as Error);
  expect(failure).toMatchObject({ code: "config_invalid", message: expect.stringMatching(message) });
  expect(JSON.stringify(failure)).not.toContain("canary");
});
