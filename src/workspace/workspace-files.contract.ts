/** What every WorkspaceFiles promises, tried over HTTP on the fake. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type FakeWorkspace, startFakeWorkspace } from "../../test/fake-workspace.ts";

let world: FakeWorkspace;
beforeAll(async () => {
  world = await startFakeWorkspace({
    principals: [
      { userName: "admin@example.com", admin: true, tokens: ["admin-token"] },
      { userName: "anna@example.com", tokens: ["anna-token"] },
    ],
  });
});
afterEach(() => {
  world.fake.control.removeFaults();
});
afterAll(() => world.fake.close());

const FOLDER = "/Workspace/Shared/.headgate/retail/prod";

test("what is written is read, byte for byte; its folders are made", async () => {
  const { files } = world;
  const text = `{"ü": "€ 😀", "line": "a\r\nb"}\n`;
  expect(await files.read(`${FOLDER}/deep/er/state.json`)).toBeUndefined();
  await files.write(`${FOLDER}/deep/er/state.json`, text);
  expect(await files.read(`${FOLDER}/deep/er/state.json`)).toBe(text);
  await files.write(`${FOLDER}/deep/er/state.json`, "2");
  expect(await files.read(`${FOLDER}/deep/er/state.json`)).toBe("2");
});

test("an empty file is a file", async () => {
  await world.files.write(`${FOLDER}/empty.json`, "");
  expect(await world.files.read(`${FOLDER}/empty.json`)).toBe("");
});

test("8 MB go another way and come back the same", async () => {
  const text = "0123456789abcdef".repeat(500_000);
  world.fake.control.clearRequests();
  await world.files.write(`${FOLDER}/a b/big #1.json`, text);
  expect(world.fake.control.requests({ path: "import-file" }).length).toBeGreaterThan(0);
  expect(await world.files.read(`${FOLDER}/a b/big #1.json`)).toBe(text);
});

test("a file is created once: of 20 at the same time, one makes it", async () => {
  const path = `${FOLDER}/race/lock.json`;
  const made = await Promise.all(Array.from({ length: 20 }, (_, i) => world.files.createNew(path, `${i}`)));
  expect(made.filter(Boolean)).toHaveLength(1);
  expect(await world.files.read(path)).toBe(String(made.indexOf(true)));
  const big = "x".repeat(8_000_000);
  expect(await world.files.createNew(`${FOLDER}/race/big`, big)).toBe(true);
  expect(await world.files.createNew(`${FOLDER}/race/big`, big)).toBe(false);
});

test("a creation whose answer is lost is not repeated: it says that it was sent", async () => {
  world.fake.control.addFault({ path: "/workspace/import$", nth: 1, fault: { kind: "drop-after" } });
  await expect(world.files.createNew(`${FOLDER}/lost.json`, "1")).rejects.toMatchObject({
    code: "unavailable",
    data: { sent: true },
  });
  expect(await world.files.read(`${FOLDER}/lost.json`)).toBe("1");
});

test("a write whose answer is lost is repeated", async () => {
  world.fake.control.addFault({ path: "/workspace/import$", fault: { kind: "drop-before" } });
  await world.files.write(`${FOLDER}/again.json`, "1");
  expect(await world.files.read(`${FOLDER}/again.json`)).toBe("1");
});

test("a folder lists the names of its files, not of its folders; no folder lists nothing", async () => {
  const { files } = world;
  await files.write(`${FOLDER}/list/b.json`, "1");
  await files.write(`${FOLDER}/list/a.json`, "1");
  await files.write(`${FOLDER}/list/sub/c.json`, "1");
  expect((await files.list(`${FOLDER}/list`)).sort()).toEqual(["a.json", "b.json"]);
  expect(await files.folders(`${FOLDER}/list`)).toEqual(["sub"]);
  expect(await files.list(`${FOLDER}/nowhere`)).toEqual([]);
  expect(await files.folders(`${FOLDER}/nowhere`)).toEqual([]);
});

test("what is removed is gone; removing it again is no error", async () => {
  const { files } = world;
  await files.write(`${FOLDER}/gone.json`, "1");
  await files.remove(`${FOLDER}/gone.json`);
  expect(await files.read(`${FOLDER}/gone.json`)).toBeUndefined();
  await files.remove(`${FOLDER}/gone.json`);
});

test("a folder of somebody else is forbidden, with the grant to ask for: never taken for absent", async () => {
  const path = "/Workspace/Users/admin@example.com/.headgate/retail/dev/state.json";
  await world.files.write(path, "1");
  const { files } = world.openAs("anna-token");
  for (const work of [files.read(path), files.write(path, "2"), files.createNew(path, "2"), files.remove(path)]) {
    await expect(work).rejects.toMatchObject({ code: "forbidden", exitCode: 77, hint: expect.stringContaining(path) });
  }
});
