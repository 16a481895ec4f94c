/** Profiles of `.databrickscfg`. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { HeadgateError } from "../../../errors.ts";
import { profileOf, readProfile } from "./profile.ts";

const FILE = `; made by hand
[DEFAULT]
host = https://adb-1.1.azuredatabricks.net/?o=1
token = dapi-one

[M2M]
host: adb-2.2.azuredatabricks.net
client_id     = 1c6b
client_secret = with=equals#and;marks

[both]
host = https://w
token = dapi-two
client_id = a
client_secret = b
[chosen]
host = https://w
auth_type = oauth-m2m
token = dapi-two
client_id = a
client_secret = b
[half]
host = https://w
client_secret = b
[empty]
host = https://w
token =
[cli]
host = https://w
auth_type = databricks-cli
[homeless]
token = dapi-three
[azure]
host = https://w
azure_client_id = app
azure_client_secret = canary
azure_tenant_id = tenant
azure_workspace_resource_id = /subscriptions/s
[azure half]
host = https://w
azure_client_id = app
azure_client_secret = canary
[machine]
host = https://w
azure_use_msi = true
azure_client_id = identity
[az]
host = https://w
auth_type = azure-cli
`;

function failureOf(name: string): HeadgateError {
  try {
    profileOf(FILE, "/home/a/.databrickscfg", name);
  } catch (error) {
    if (error instanceof HeadgateError) return error;
  }
  throw new Error("it did not fail");
}

test("a token; path and query of the host are cut off", () => {
  expect(profileOf(FILE, "f", "DEFAULT")).toEqual({
    name: "DEFAULT",
    file: "f",
    host: "https://adb-1.1.azuredatabricks.net",
    login: { kind: "pat", token: "dapi-one" },
  });
});

test("id and secret; the scheme may be left out; a secret may hold any mark", () => {
  expect(profileOf(FILE, "f", "M2M")).toMatchObject({
    host: "https://adb-2.2.azuredatabricks.net",
    login: { kind: "oauth-m2m", clientId: "1c6b", clientSecret: "with=equals#and;marks" },
  });
});

test("auth_type decides between two kinds", () => {
  expect(profileOf(FILE, "f", "chosen").login.kind).toBe("oauth-m2m");
});

test.each([
  [
    "azure",
    {
      kind: "spn-key",
      tenant: "tenant",
      clientId: "app",
      clientSecret: "canary",
      workspaceResourceId: "/subscriptions/s",
    },
  ],
  ["machine", { kind: "msi", clientId: "identity" }],
  ["az", { kind: "azure-cli" }],
])("[%s] signs in through Azure", (profile, login) => {
  expect(profileOf(FILE, "f", profile).login).toEqual(expect.objectContaining(login));
});

test.each([
  ["azure half", "azure_tenant_id"],
  ["both", "auth_type"],
  ["half", "client_id"],
  ["empty", "token"],
  ["cli", "auth_type"],
  ["homeless", "host"],
])("[%s] fails, naming file, profile and the key %s, and no secret", (profile, key) => {
  const failure = failureOf(profile);
  expect(failure.code).toBe("config_invalid");
  expect(failure.message).toMatch(new RegExp(`^/home/a/\\.databrickscfg \\[${profile}\\] ${key}: `));
  expect(`${failure.message} ${failure.hint}`).not.toContain("dapi-");
});

test("an unknown profile names those there are", () => {
  expect(failureOf("prod").message).toContain("has no profile [prod]");
  expect(failureOf("prod").hint).toContain("DEFAULT, M2M, both");
});

test("the file is read where the caller says; a missing one is named", async () => {
  const folder = await mkdtemp(join(tmpdir(), "headgate-"));
  try {
    const file = join(folder, "cfg");
    await expect(readProfile({ file })).rejects.toMatchObject({
      code: "config_invalid",
      message: expect.stringContaining(file),
    });
    await writeFile(file, FILE);
    expect((await readProfile({ file })).name).toBe("DEFAULT");
  } finally {
    await rm(folder, { recursive: true });
  }
});
