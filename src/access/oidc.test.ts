import { createHmac } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../util/clock.ts";
import { createOidc } from "./oidc.ts";
import { startProvider, type TestProvider } from "./testing/provider.ts";

let provider: TestProvider | undefined;
afterEach(async () => {
  await provider?.stop();
  provider = undefined;
});

async function setting(options: { claimed?: string; scopes?: ["read"] } = {}) {
  const { claimed, scopes } = options;
  provider = await startProvider(claimed === undefined ? {} : { claimed });
  const { issuer } = provider;
  return { provider, whose: createOidc({ issuer, audience: "us", scopes }, systemClock) };
}

const CLAIMS = { aud: "us", sub: "s1" };
const now = () => Math.floor(Date.now() / 1_000);

describe("a token of the provider", () => {
  test.each([
    ["app roles", { roles: ["headgate.apply", "other"] }, ["apply"]],
    ["delegated scopes", { scp: "read openid" }, ["read"]],
    ["both, in capitals", { roles: ["Read"], scope: "WRITE" }, ["read", "write"]],
    ["none of ours", { roles: ["other"] }, []],
  ])("gives the scopes of its %s", async (_what, claims, scopes) => {
    const { provider, whose } = await setting();
    expect(await whose(await provider.sign({ ...CLAIMS, ...claims }))).toMatchObject({ via: "oidc", scopes });
  });

  test("without a role of ours gets what the settings say", async () => {
    const { provider, whose } = await setting({ scopes: ["read"] });
    expect((await whose(await provider.sign(CLAIMS)))?.scopes).toEqual(["read"]);
    expect((await whose(await provider.sign({ ...CLAIMS, roles: ["apply"] })))?.scopes).toEqual(["apply"]);
  });

  test.each([
    [{ preferred_username: "anna@example.com", oid: "o1" }, "anna@example.com (o1)"],
    [{ appid: "app-7" }, "app-7 (s1)"],
    [{}, "s1"],
  ])("with %j is of %s", async (claims, actor) => {
    const { provider, whose } = await setting();
    expect((await whose(await provider.sign({ ...CLAIMS, ...claims })))?.actor).toBe(actor);
  });

  test("is known by keys that are read once, and again when there are new ones", async () => {
    const { provider, whose } = await setting();
    const token = await provider.sign(CLAIMS);
    await Promise.all([whose(token), whose(token)]);
    await whose(token);
    expect(provider.reads()).toBe(1);
  });
});

describe("is refused:", () => {
  test.each([
    ["meant for others", { aud: "them" }],
    ["of another issuer", { iss: "https://login.example.com" }],
    ["past its end", { exp: now() - 120 }],
    ["not valid yet", { nbf: now() + 600 }],
    ["without an end", { exp: undefined }],
    ["without a subject", { sub: undefined }],
  ])("one %s", async (_what, claims) => {
    const { provider, whose } = await setting();
    expect(await whose(await provider.sign({ ...CLAIMS, ...claims }))).toBeUndefined();
  });

  test("one of the same provider that is signed by a key it has given up", async () => {
    const { provider, whose } = await setting();
    const old = await provider.sign(CLAIMS);
    await provider.rotate();
    expect(await whose(old)).toBeUndefined();
    expect(await whose(await provider.sign(CLAIMS))).toMatchObject({ actor: "s1" });
  });

  test("one whose claims were changed, one without a signature, one signed with the public key as a secret", async () => {
    const { provider, whose } = await setting();
    const [head, , signature] = (await provider.sign(CLAIMS)).split(".");
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = encode({ ...CLAIMS, iss: provider.issuer, exp: now() + 600, roles: ["admin"] });
    expect(await whose(`${head}.${claims}.${signature}`)).toBeUndefined();
    expect(await whose(`${encode({ alg: "none" })}.${claims}.`)).toBeUndefined();
    const keys = await (await fetch(`${provider.issuer}/keys`)).text();
    const signed = `${encode({ alg: "HS256", kid: "k0" })}.${claims}`;
    expect(await whose(`${signed}.${createHmac("sha256", keys).update(signed).digest("base64url")}`)).toBeUndefined();
    expect(await whose("no token")).toBeUndefined();
  });
});

describe("a provider", () => {
  test("that names another issuer than its own is not believed", async () => {
    const { provider, whose } = await setting({ claimed: "https://login.example.com" });
    await expect(whose(await provider.sign(CLAIMS))).rejects.toMatchObject({ code: "unavailable" });
  });

  test("that is away says so, and is asked again", async () => {
    const gone = await startProvider();
    const token = await gone.sign(CLAIMS);
    const whose = createOidc({ issuer: gone.issuer, audience: "us" }, systemClock);
    await gone.stop();
    for (let round = 0; round < 2; round += 1)
      await expect(whose(token)).rejects.toMatchObject({ code: "unavailable", permanent: false });
  });
});
