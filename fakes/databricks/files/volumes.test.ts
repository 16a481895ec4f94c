import { afterEach, beforeEach, expect, it } from "vitest";
import { objectsIn } from "../json.ts";
import { type FakeDatabricks, startFakeDatabricks } from "../start.ts";
import { type Client, clientOf } from "../testing-client.ts";

let fake: FakeDatabricks;
let admin: Client;
beforeEach(async () => {
  fake = await startFakeDatabricks();
  admin = clientOf(fake.url, fake.token);
});
afterEach(() => fake.close());

const VOLUME = "/Volumes/main/etl/metadata";
const file = (path: string) => `/api/2.0/fs/files${VOLUME}/${path}`;
const folder = (path = "") => `/api/2.0/fs/directories${VOLUME}${path}`;

it("writes, reads, lists and removes files of a volume", async () => {
  expect((await admin.send("PUT", file("a%20b/x.yaml"), "jobs: ü")).status).toBe(204);
  const twice = await admin.send("PUT", file("a%20b/x.yaml"), "2");
  expect([twice.status, twice.body.error_code]).toEqual([409, "ALREADY_EXISTS"]);
  expect((await admin.get(file("a%20b/x.yaml"))).text).toBe("jobs: ü");
  expect(objectsIn((await admin.get(folder())).body.contents)).toMatchObject([
    { path: `${VOLUME}/a b`, is_directory: true, name: "a b" },
  ]);
  expect(objectsIn((await admin.get(folder("/a%20b"))).body.contents)).toMatchObject([
    { path: `${VOLUME}/a b/x.yaml`, is_directory: false, file_size: 8 },
  ]);
  expect((await admin.send("DELETE", file("a%20b/x.yaml"), "")).status).toBe(204);
  const gone = await admin.get(file("a%20b/x.yaml"));
  expect([gone.status, gone.body.error_code]).toEqual([404, "NOT_FOUND"]);
});

it("lists page by page, and nothing outside of volumes", async () => {
  for (const name of ["a", "b", "c"]) fake.control.writeFile({ path: `${VOLUME}/${name}`, text: name });
  const first = await admin.get(`${folder()}?page_size=2`);
  expect(objectsIn(first.body.contents)).toHaveLength(2);
  const second = await admin.get(`${folder()}?page_size=2&page_token=${first.body.next_page_token}`);
  expect(objectsIn(second.body.contents).map(({ name }) => name)).toEqual(["c"]);
  expect(second.body.next_page_token).toBeUndefined();
  expect((await admin.get("/api/2.0/fs/directories/Workspace/Shared")).status).toBe(400);
  expect((await admin.get(folder("/none"))).status).toBe(404);
});
