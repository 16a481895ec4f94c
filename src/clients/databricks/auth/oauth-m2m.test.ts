/** OAuth tokens of a service principal against a workspace that hands them out and lets them end. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type FakeWorkspace, startFakeWorkspace } from "../../../../test/fake-workspace.ts";
import { quickClock } from "../../../../test/quick-clock.ts";
import { forgetSecrets, redact } from "../../../util/redact.ts";
import type { HttpClient } from "../../http/http-client.ts";
import { oauthM2mCredentials } from "./oauth-m2m.ts";
import { openCredentials } from "./open.ts";

const ID = "1c6b8a5e-0000-4000-8000-00000000abcd";
const SECRET = "canary:secret/with%signs";

let world: FakeWorkspace;
beforeAll(async () => {
  world = await startFakeWorkspace({
    principals: [{ userName: ID, displayName: "deployer", admin: true, secrets: [SECRET] }],
  });
});
afterEach(() => {
  world.fake.control.removeFaults();
  forgetSecrets();
});
afterAll(() => world.fake.close());

function open(clientSecret = SECRET, clientId = ID) {
  const clock = quickClock();
  const credentials = (http: HttpClient) =>
    oauthM2mCredentials({ host: world.fake.url, clientId, clientSecret, http, clock });
  world.fake.control.clearRequests();
  return { ...world.openAs(credentials, { clock }), clock };
}

const tokenCalls = () => world.fake.control.requests({ path: "/oidc/v1/token$" }).length;

test("one token serves all calls; ten at the same time make one", async () => {
  const { workspace } = open();
  expect(await workspace.me()).toMatchObject({ userName: ID });
  await Promise.all(Array.from({ length: 10 }, () => workspace.getJob("1")));
  expect(tokenCalls()).toBe(1);
  const { workspace: fresh } = open();
  await Promise.all(Array.from({ length: 10 }, () => fresh.getJob("1")));
  expect(tokenCalls()).toBe(1);
});

test("a token is renewed before its end, on time", async () => {
  const { workspace, clock } = open();
  await workspace.getJob("1");
  clock.push(54 * 60_000);
  await workspace.getJob("1");
  expect(tokenCalls()).toBe(1);
  clock.push(2 * 60_000); // 56 minutes: less than five are left
  await workspace.getJob("1");
  expect(tokenCalls()).toBe(2);
});

test("a token that ends early is renewed once, by all callers together, and the calls are repeated", async () => {
  const { workspace } = open();
  await workspace.getJob("1");
  world.fake.control.dropTokens();
  const jobs = await Promise.all(
    Array.from({ length: 5 }, (_, i) => workspace.createJob({ name: `j${i}`, tasks: [] })),
  );
  expect(new Set(jobs).size).toBe(5);
  expect(tokenCalls()).toBe(2);
});

test("a second 401 is final", async () => {
  const { workspace } = open();
  world.fake.control.addFault({ path: "/jobs/get$", count: 0, fault: { kind: "status", status: 401 } });
  await expect(workspace.getJob("1")).rejects.toMatchObject({
    code: "unauthorized",
    exitCode: 77,
    hint: expect.stringMatching(/auth kind oauth-m2m.*\/api\/2\.0\/preview\/scim\/v2\/ServicePrincipals/),
  });
  expect(world.fake.control.requests({ path: "/jobs/get$" })).toHaveLength(2);
});

test("a wrong secret is unauthorized, and stays secret", async () => {
  const { workspace } = open("canary-wrong-secret");
  const failure = await workspace.me().catch((error: unknown) => error as Error);
  expect(failure).toMatchObject({ code: "unauthorized", facts: { errorCode: "invalid_client" } });
  expect(`${JSON.stringify(failure)} ${(failure as Error).stack}`).not.toContain("canary");
});

test("a 403 of a service principal names the registration", async () => {
  const { workspace } = open();
  world.fake.control.addFault({ path: "/jobs/list$", fault: { kind: "status", status: 403 } });
  await expect(workspace.listJobs()[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    code: "forbidden",
    hint: expect.stringContaining("/api/2.0/preview/scim/v2/ServicePrincipals"),
  });
});

test("token, secret and the Basic header are masked from then on", async () => {
  const { workspace } = open();
  await workspace.me();
  const basic = Buffer.from(`${ID}:${encodeURIComponent(SECRET)}`).toString("base64");
  expect(redact(`a ${SECRET} b ${basic} c`)).toBe("a *** b *** c");
});

test.each([
  ["the RFC 8414 document", "/oidc/\\.well-known", "/.well-known/databricks-config"],
  ["both documents", "well-known", undefined],
])("without %s the token is found another way", async (_, missing, asked) => {
  world.fake.control.addFault({ path: missing, count: 0, fault: { kind: "status", status: 404 } });
  const { workspace } = open();
  expect(await workspace.me()).toMatchObject({ userName: ID });
  if (asked !== undefined) expect(world.fake.control.requests({}).map(({ path }) => path)).toContain(asked);
});

test("a workspace that is down is unavailable, not unauthorized; the next call tries again", async () => {
  const { workspace } = open();
  world.fake.control.addFault({ path: "/oidc", count: 0, fault: { kind: "status", status: 503 } });
  await expect(workspace.me()).rejects.toMatchObject({ code: "unavailable", exitCode: 69 });
  world.fake.control.removeFaults();
  expect(await workspace.me()).toMatchObject({ userName: ID });
});

test("a profile opens the same door, and a refusal names it", async () => {
  const dir = await mkdtemp(join(tmpdir(), "headgate-profile-"));
  const openProfile = async (secret: string) => {
    const file = join(dir, ".databrickscfg");
    await writeFile(file, `[SP]\nhost = ${world.fake.url}\nclient_id = ${ID}\nclient_secret = ${secret}`);
    const clock = quickClock();
    const wish = { kind: "profile" as const, profile: "SP", file };
    return world.openAs(await openCredentials(wish, { host: world.fake.url, clock, env: {} }), { clock }).workspace;
  };
  try {
    expect(await (await openProfile(SECRET)).me()).toMatchObject({ userName: ID });
    await expect((await openProfile("canary-wrong")).me()).rejects.toMatchObject({
      code: "unauthorized",
      hint: expect.stringContaining("oauth-m2m"),
    });
  } finally {
    await rm(dir, { recursive: true });
  }
});
