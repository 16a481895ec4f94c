import { afterEach, beforeEach, expect, it } from "vitest";
import { objectsIn } from "../json.ts";
import { type FakeDatabricks, startFakeDatabricks } from "../start.ts";
import { type Client, clientOf } from "../testing-client.ts";

let fake: FakeDatabricks;
let admin: Client;
let anna: Client;
let ben: Client;
beforeEach(async () => {
  fake = await startFakeDatabricks({
    principals: [
      { userName: "admin@example.com", admin: true, tokens: ["admin"] },
      { userName: "anna@example.com", tokens: ["anna"] },
      { userName: "ben@example.com", tokens: ["ben"] },
    ],
  });
  admin = clientOf(fake.url, "admin");
  anna = clientOf(fake.url, "anna");
  ben = clientOf(fake.url, "ben");
});
afterEach(() => fake.close());

const API = "/api/2.0/workspace";
const text = (value: string) => Buffer.from(value).toString("base64");
const write = (client: Client, path: string, content: string, overwrite = false) =>
  client.post(`${API}/import`, { path, content: text(content), format: "RAW", overwrite });

it("creates without overwriting, replaces with it, and reads back both ways", async () => {
  const path = "/Workspace/Shared/p/state.json";
  const early = await write(anna, path, "1");
  expect([early.status, early.body.error_code]).toEqual([404, "RESOURCE_DOES_NOT_EXIST"]);
  await anna.post(`${API}/mkdirs`, { path: "/Workspace/Shared/p" });
  expect((await write(anna, path, "1")).status).toBe(200);
  const second = await write(ben, path, "2");
  expect([second.status, second.body.error_code]).toEqual([400, "RESOURCE_ALREADY_EXISTS"]);
  expect((await write(ben, path, "2 ä", true)).status).toBe(200);
  expect((await anna.get(`${API}/export?path=/Shared/p/state.json`)).body.content).toBe(text("2 ä"));
  expect((await anna.get(`${API}/export?path=${path}&direct_download=true`)).text).toBe("2 ä");
  expect((await anna.get(`${API}/get-status?path=${path}`)).body).toMatchObject({
    path: "/Shared/p/state.json",
    object_type: "FILE",
    size: 4,
  });
});

it("lets exactly one of many creators win", async () => {
  const tries = await Promise.all(Array.from({ length: 20 }, (_, index) => write(anna, "/Shared/lock", `${index}`)));
  expect(tries.filter(({ status }) => status === 200)).toHaveLength(1);
});

it("imports raw bytes", async () => {
  const send = (overwrite: boolean, content: string) =>
    anna.send(
      "POST",
      `/api/2.0/workspace-files/import-file/Workspace%2FShared%2Fraw.txt?overwrite=${overwrite}`,
      content,
    );
  expect((await send(false, "a")).status).toBe(200);
  expect((await send(false, "b")).status).toBe(409);
  expect((await send(true, "c")).status).toBe(200);
  expect(fake.control.files()).toMatchObject([{ path: "/Shared/raw.txt", text: "c", creator: "anna@example.com" }]);
});

it("lists and deletes, folders only when empty or recursively", async () => {
  await anna.post(`${API}/mkdirs`, { path: "/Shared/a/b" });
  await write(anna, "/Shared/a/x", "x");
  const list = async (path: string) => objectsIn((await anna.get(`${API}/list?path=${path}`)).body.objects);
  expect((await list("/Shared/a")).map((entry) => [entry.path, entry.object_type])).toEqual([
    ["/Shared/a/b", "DIRECTORY"],
    ["/Shared/a/x", "FILE"],
  ]);
  expect((await anna.get(`${API}/list?path=/Shared/a/b`)).body).toEqual({});
  expect((await anna.get(`${API}/list?path=/Shared/none`)).status).toBe(404);
  const full = await anna.post(`${API}/delete`, { path: "/Shared/a" });
  expect([full.status, full.body.error_code]).toEqual([400, "DIRECTORY_NOT_EMPTY"]);
  expect((await anna.post(`${API}/delete`, { path: "/Shared/a", recursive: true })).status).toBe(200);
  expect((await anna.post(`${API}/delete`, { path: "/Shared/a" })).status).toBe(404);
  expect(fake.control.files()).toEqual([]);
});

it("keeps homes to their users and admins", async () => {
  const path = "/Workspace/Users/anna@example.com/secret";
  expect((await write(anna, path, "s")).status).toBe(200);
  for (const call of [`export?path=${path}`, `get-status?path=${path}`, "list?path=/Users/anna@example.com"]) {
    const refused = await ben.get(`${API}/${call}`);
    expect([refused.status, refused.body.error_code]).toEqual([403, "PERMISSION_DENIED"]);
  }
  expect((await write(ben, path, "t", true)).status).toBe(403);
  expect((await ben.post(`${API}/delete`, { path })).status).toBe(403);
  expect((await write(ben, "/top", "t")).status).toBe(403);
  expect((await admin.get(`${API}/export?path=${path}`)).status).toBe(200);
  const homes = objectsIn((await ben.get(`${API}/list?path=/Users`)).body.objects).map((entry) => entry.path);
  expect(homes).toEqual(["/Users/ben@example.com"]);
});

it("takes 10 MB and no more", async () => {
  const send = (bytes: number) =>
    anna.send("POST", `/api/2.0/workspace-files/import-file/Shared/big?overwrite=true`, Buffer.alloc(bytes, "x"));
  expect((await send(10 * 1024 * 1024)).status).toBe(200);
  const refused = await send(10 * 1024 * 1024 + 1);
  expect([refused.status, refused.body.error_code]).toEqual([400, "MAX_NOTEBOOK_SIZE_EXCEEDED"]);
});

it("makes notebooks out of sources", async () => {
  const content = text("# Databricks notebook source\nprint(1)");
  await anna.post(`${API}/import`, { path: "/Shared/n", content, format: "SOURCE", language: "PYTHON" });
  expect((await anna.get(`${API}/get-status?path=/Shared/n`)).body).toMatchObject({
    object_type: "NOTEBOOK",
    language: "PYTHON",
  });
});
