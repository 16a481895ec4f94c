/** Sign-in through Azure: each kind against a fake of its real endpoint, and against a workspace that knows the principal. */
import { generateKeyPairSync } from "node:crypto";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type FakeAzure, startFakeAzure } from "../../../../fakes/azure/index.ts";
import { type FakeWorkspace, startFakeWorkspace } from "../../../../test/fake-workspace.ts";
import { quickClock } from "../../../../test/quick-clock.ts";
import { forgetSecrets } from "../../../util/redact.ts";
import type { AuthWish } from "./open.ts";
import { openCredentials } from "./open.ts";

const TENANT = "aaaaaaaa-0000-4000-8000-000000000001";
const APP = "bbbbbbbb-0000-4000-8000-000000000002";
const IDENTITY = "cccccccc-0000-4000-8000-000000000003";
const SECRET = "canary~secret+with/signs";
const SHA1 = "0123456789abcdef0123456789abcdef01234567";
const SHA256 = `${SHA1}89abcdef0123456789abcdef`;
const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const encrypted = pair.privateKey.export({
  type: "pkcs8",
  format: "pem",
  cipher: "aes-256-cbc",
  passphrase: "canary-passphrase",
});

let world: FakeWorkspace;
let azure: FakeAzure;
let dir: string;
const files: Record<string, string> = {};

beforeAll(async () => {
  world = await startFakeWorkspace({
    principals: [
      { userName: "admin@example.com", admin: true, tokens: ["admin"] },
      { userName: APP, displayName: "deployer" },
      { userName: IDENTITY, displayName: "machine" },
    ],
  });
  azure = await startFakeAzure({
    tenants: {
      [TENANT]: [
        {
          clientId: APP,
          secrets: [SECRET],
          expiredSecrets: ["canary-old"],
          certificates: [SHA1, SHA256].map((thumbprint) => ({ publicKey: pair.publicKey, thumbprint })),
        },
        { clientId: "stranger", secrets: [SECRET] },
      ],
    },
    identities: [{ clientId: IDENTITY }],
    onToken: ({ token, clientId, lifetimeSeconds }) => {
      if (clientId !== "stranger") world.fake.control.addToken({ token, userName: clientId, lifetimeSeconds });
    },
  });
  dir = await mkdtemp(join(tmpdir(), "headgate-azure-"));
  for (const [name, text] of Object.entries({
    pkcs8: pair.privateKey.export({ type: "pkcs8", format: "pem" }) as string,
    pkcs1: pair.privateKey.export({ type: "pkcs1", format: "pem" }) as string,
    encrypted: encrypted as string,
    other: generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({
      type: "pkcs8",
      format: "pem",
    }) as string,
    public: pair.publicKey.export({ type: "spki", format: "pem" }) as string,
  })) {
    files[name] = join(dir, `${name}.pem`);
    await writeFile(files[name], text);
  }
});
afterEach(() => {
  azure.requests.length = 0;
  world.fake.control.removeFaults();
  forgetSecrets();
});
afterAll(async () => {
  await azure.close();
  await world.fake.close();
  await rm(dir, { recursive: true });
});

async function open(wish: AuthWish, env: Record<string, string> = {}) {
  const clock = quickClock();
  return { ...world.openAs(await openCredentials(wish, { host: world.fake.url, clock, env }), { clock }), clock };
}
const key = (changes: object = {}): AuthWish => ({
  kind: "spn-key",
  tenant: TENANT,
  clientId: APP,
  clientSecret: SECRET,
  authority: azure.url,
  ...changes,
});
const certificate = (changes: object = {}): AuthWish => ({
  kind: "spn-cert",
  tenant: TENANT,
  clientId: APP,
  thumbprint: SHA1,
  privateKeyFile: files.pkcs8 as string,
  authority: azure.url,
  ...changes,
});

test("an application signs in with its secret; one token serves many calls and is renewed in flight", async () => {
  const { workspace, clock } = await open(key());
  expect(await workspace.me()).toMatchObject({ userName: APP });
  await Promise.all(Array.from({ length: 10 }, () => workspace.getJob("1")));
  expect(azure.requests).toHaveLength(1);
  expect(azure.requests[0]?.fields).toEqual(["grant_type", "client_id", "scope", "client_secret"]);
  clock.push(56 * 60_000);
  await workspace.getJob("1");
  expect(azure.requests).toHaveLength(2);
  world.fake.control.dropTokens();
  await Promise.all(Array.from({ length: 5 }, () => workspace.getJob("1")));
  expect(azure.requests).toHaveLength(3);
});

test.each([
  ["SHA-1, PKCS#8", {}],
  ["SHA-256, which is PS256", { thumbprint: SHA256.toUpperCase() }],
  ["with colons, PKCS#1", { thumbprint: SHA1.replace(/..(?=.)/g, "$&:"), privateKeyFile: "pkcs1" }],
  ["encrypted", { privateKeyFile: "encrypted", privateKeyPassphrase: "canary-passphrase" }],
])("an application signs in with a certificate: %s", async (_, changes) => {
  const named = "privateKeyFile" in changes ? { privateKeyFile: files[changes.privateKeyFile as string] } : {};
  const { workspace } = await open(certificate({ ...changes, ...named }));
  expect(await workspace.me()).toMatchObject({ userName: APP });
});

test.each([
  ["a wrong secret", () => key({ clientSecret: "canary-wrong" }), "AADSTS7000215", /secret's value, not its id/],
  ["an expired secret", () => key({ clientSecret: "canary-old" }), "AADSTS7000222", /expired/],
  ["an unknown application", () => key({ clientId: "nobody" }), "AADSTS700016", /check clientId and tenant/],
  ["an unknown tenant", () => key({ tenant: "nowhere" }), "AADSTS90002", /no such tenant/],
  ["another key", () => certificate({ privateKeyFile: files.other }), "AADSTS700027", /upload its public part/],
])("%s is refused with what to do", async (_, wish, code, hint) => {
  const { workspace } = await open(wish());
  const failure = await workspace.me().catch((error: unknown) => error as Error);
  expect(failure).toMatchObject({
    code: "unauthorized",
    exitCode: 77,
    facts: { errorCode: code },
    hint: expect.stringMatching(hint),
  });
  expect(`${JSON.stringify(failure)} ${(failure as Error).stack}`).not.toContain("canary");
});

test.each([
  ["no file", () => certificate({ privateKeyFile: join(dir, "none.pem") }), /cannot be read/],
  ["a public key", () => certificate({ privateKeyFile: files.public }), /no private key/],
  ["an encrypted key without its passphrase", () => certificate({ privateKeyFile: files.encrypted }), /no private key/],
  ["a thumbprint that is none", () => certificate({ thumbprint: "12:34" }), /neither 40 nor 64/],
])("%s is a fault of the config, before anything is sent", async (_, wish, message) => {
  await expect(open(wish())).rejects.toMatchObject({ code: "config_invalid", message: expect.stringMatching(message) });
  expect(azure.requests).toEqual([]);
});

test("a principal that Entra knows and the workspace does not is told how to be registered", async () => {
  const { workspace } = await open(key({ clientId: "stranger" }));
  await expect(workspace.me()).rejects.toMatchObject({
    code: "unauthorized",
    hint: expect.stringMatching(/does not know the principal stranger.*scim\/v2\/ServicePrincipals/),
  });
});

test("rights on the Azure resource are proven by two more headers", async () => {
  const id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Databricks/workspaces/w";
  const make = await openCredentials(key({ workspaceResourceId: id }), {
    host: world.fake.url,
    clock: quickClock(),
    env: {},
  });
  let headers: Record<string, string> = {};
  const { workspace } = world.openAs((http) => {
    const inner = make(http);
    return {
      ...inner,
      authorize: async () => {
        headers = await inner.authorize();
        return headers;
      },
    };
  });
  await workspace.me();
  expect(headers).toMatchObject({
    "x-databricks-azure-workspace-resource-id": id,
    "x-databricks-azure-sp-management-token": expect.stringMatching(/^entra-/),
  });
  expect(headers["x-databricks-azure-sp-management-token"]).not.toBe(headers.authorization?.slice(7));
});

test.each([
  ["the machine's own", {}],
  ["a user-assigned one", { clientId: IDENTITY }],
])("a managed identity signs in through the metadata service: %s", async (_, changes) => {
  const { workspace } = await open({ kind: "msi", endpoint: azure.metadataUrl, ...changes });
  expect(await workspace.me()).toMatchObject({ userName: IDENTITY });
  expect(azure.requests[0]?.path).toContain("api-version=2018-02-01&resource=2ff814a6-3304-4ab8-85cb-cd0e6f879c1d");
});

test("inside App Service the identity endpoint of the environment is asked", async () => {
  const env = { IDENTITY_ENDPOINT: `${azure.url}/msi/token`, IDENTITY_HEADER: "fake-identity-header" };
  const { workspace } = await open({ kind: "msi" }, env);
  expect(await workspace.me()).toMatchObject({ userName: IDENTITY });
  expect(azure.requests[0]?.path).toContain("api-version=2019-08-01");
});

test("an identity that is being set up is waited for; one that is not there is not", async () => {
  azure.failNext({ status: 404 }, { status: 410 }, { status: 429, retryAfter: 2 });
  const { workspace, clock } = await open({ kind: "msi", endpoint: azure.metadataUrl });
  expect(await workspace.me()).toMatchObject({ userName: IDENTITY });
  expect(clock.slept).toHaveLength(3);
  const other = await open({ kind: "msi", endpoint: azure.metadataUrl, clientId: "not-mine" });
  await expect(other.workspace.me()).rejects.toMatchObject({
    code: "unauthorized",
    hint: expect.stringContaining("does not have the identity not-mine"),
  });
});

test("off Azure the metadata service does not answer, and the hint says so", async () => {
  const closed = await startFakeAzure();
  await closed.close();
  const { workspace } = await open({ kind: "msi", endpoint: closed.metadataUrl });
  await expect(workspace.me()).rejects.toMatchObject({
    code: "unavailable",
    hint: expect.stringContaining("only inside an Azure resource"),
  });
});

const withAz = process.platform === "win32" ? test.skip : test;

async function fakeAz(script: string) {
  const bin = await mkdtemp(join(dir, "bin-"));
  await writeFile(join(bin, "az"), `#!/bin/sh\n${script}\n`);
  await chmod(join(bin, "az"), 0o755);
  return { PATH: `${bin}:/usr/bin:/bin` };
}

withAz("the Azure CLI is asked for the token of whoever is signed in", async () => {
  world.fake.control.addToken({ token: "cli-token", userName: "admin@example.com" });
  const env = await fakeAz(
    `echo "$@" > ${dir}/az-arguments; echo '{"accessToken":"cli-token","expiresOn":"2026-11-21 10:00:00.000000","expires_on":99999999999,"tokenType":"Bearer"}'`,
  );
  const { workspace } = await open({ kind: "azure-cli", tenant: TENANT }, env);
  expect(await workspace.me()).toMatchObject({ userName: "admin@example.com" });
});

withAz("without a sign-in, or without the CLI, the hint says what to do", async () => {
  const env = await fakeAz(`echo "ERROR: Please run 'az login' to setup account." >&2; exit 1`);
  await expect((await open({ kind: "azure-cli" }, env)).workspace.me()).rejects.toMatchObject({
    code: "unauthorized",
    message: expect.stringContaining("Please run 'az login'"),
  });
  await expect((await open({ kind: "azure-cli" }, { PATH: dir })).workspace.me()).rejects.toMatchObject({
    code: "config_invalid",
    hint: expect.stringContaining("az login"),
  });
});
