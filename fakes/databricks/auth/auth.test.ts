import { afterEach, expect, it } from "vitest";
import { objectsIn } from "../json.ts";
import { type FakeDatabricks, startFakeDatabricks } from "../start.ts";
import { clientOf } from "../testing-client.ts";

const APPLICATION = "11111111-2222-3333-4444-555555555555";
let fake: FakeDatabricks | undefined;
afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

async function start(options = {}) {
  fake = await startFakeDatabricks({
    principals: [
      { userName: "admin@example.com", admin: true, tokens: ["admin"], displayName: "The Admin" },
      { userName: APPLICATION, secrets: ["s e:cret"], displayName: "deployer" },
    ],
    ...options,
  });
  return fake;
}

async function ask(url: string, secret = "s e:cret") {
  const basic = Buffer.from(`${APPLICATION}:${encodeURIComponent(secret)}`).toString("base64");
  return clientOf(url).send("POST", "/oidc/v1/token", "grant_type=client_credentials&scope=all-apis", {
    authorization: `Basic ${basic}`,
    "content-type": "application/x-www-form-urlencoded",
  });
}

it("says who a token speaks for", async () => {
  const { url } = await start();
  const me = await clientOf(url, "admin").get("/api/2.0/preview/scim/v2/Me");
  expect(me.body).toMatchObject({ userName: "admin@example.com", displayName: "The Admin", active: true });
  expect(objectsIn(me.body.groups).map((group) => group.display)).toEqual(["users", "admins"]);
});

it("answers 401 without a token and for one it does not know, or 403 if so set", async () => {
  const { url } = await start();
  const without = await clientOf(url).get("/api/2.2/jobs/list");
  expect([without.status, without.body.error_code]).toEqual([401, "UNAUTHENTICATED"]);
  expect((await clientOf(url, "wrong").get("/api/2.2/jobs/list")).status).toBe(401);
  await fake?.close();
  const strict = await start({ invalidTokenStatus: 403 });
  expect((await clientOf(strict.url, "wrong").get("/api/2.2/jobs/list")).status).toBe(403);
});

it("gives a service principal tokens that expire", async () => {
  const { url, control } = await start({ tokenLifetimeSeconds: 60 });
  const config = await clientOf(url).get("/.well-known/databricks-config");
  expect(config.body).toMatchObject({ oidc_endpoint: `${url}/oidc`, workspace_id: "7405610922468161" });
  const server = await clientOf(url).get("/oidc/.well-known/oauth-authorization-server");
  expect(server.body.token_endpoint).toBe(`${url}/oidc/v1/token`);

  const granted = await ask(url);
  expect(granted.body).toMatchObject({ token_type: "Bearer", expires_in: 60 });
  const client = clientOf(url, String(granted.body.access_token));
  expect((await client.get("/api/2.0/preview/scim/v2/Me")).body.userName).toBe(APPLICATION);
  expect(control.dropTokens()).toEqual({ dropped: 1 });
  expect((await client.get("/api/2.0/preview/scim/v2/Me")).status).toBe(401);

  control.adjust({ tokenLifetimeSeconds: 0 });
  const stale = await ask(url);
  const expired = await clientOf(url, String(stale.body.access_token)).get("/api/2.2/jobs/list");
  expect([expired.status, expired.body.message]).toEqual([401, expect.stringContaining("expired")]);
  const refused = await ask(url, "wrong");
  expect([refused.status, refused.body.error]).toEqual([401, "invalid_client"]);
});

it("adds service principals for admins and lists them by filter", async () => {
  const { url } = await start();
  const admin = clientOf(url, "admin");
  const id = "99999999-2222-3333-4444-555555555555";
  const added = await admin.post("/api/2.0/preview/scim/v2/ServicePrincipals", {
    applicationId: id,
    displayName: "new",
  });
  expect([added.status, added.body.applicationId]).toEqual([201, id]);
  const filter = encodeURIComponent(`applicationId eq "${id}"`);
  const found = await admin.get(`/api/2.0/preview/scim/v2/ServicePrincipals?filter=${filter}`);
  expect([found.body.totalResults, objectsIn(found.body.Resources)[0]?.displayName]).toEqual([1, "new"]);
  expect((await admin.post("/api/2.0/preview/scim/v2/ServicePrincipals", { applicationId: id })).status).toBe(409);
});

it("keeps permissions, with exactly one owner", async () => {
  const { url } = await start();
  const admin = clientOf(url, "admin");
  const { body } = await admin.post("/api/2.2/jobs/create", { name: "p" });
  const path = `/api/2.0/permissions/jobs/${body.job_id}`;
  const send = (method: string, list: object[]) =>
    admin.send(method, path, JSON.stringify({ access_control_list: list }), { "content-type": "application/json" });
  const view = { group_name: "users", permission_level: "CAN_VIEW" };
  const ownerless = await send("PUT", [view]);
  expect([ownerless.status, ownerless.body.message]).toEqual([400, "The job must have exactly one owner."]);
  expect((await send("PATCH", [view])).status).toBe(200);
  await send("PATCH", [{ service_principal_name: APPLICATION, permission_level: "IS_OWNER" }]);
  const { body: rights } = await admin.get(path);
  expect(rights).toEqual({
    object_id: `/jobs/${body.job_id}`,
    object_type: "job",
    access_control_list: [
      { group_name: "users", all_permissions: [{ permission_level: "CAN_VIEW", inherited: false }] },
      {
        service_principal_name: APPLICATION,
        display_name: "deployer",
        all_permissions: [{ permission_level: "IS_OWNER", inherited: false }],
      },
      {
        group_name: "admins",
        all_permissions: [{ permission_level: "CAN_MANAGE", inherited: true, inherited_from_object: ["/jobs/"] }],
      },
    ],
  });
});
