/** What every RemoteFolders promises, tried over HTTP on the fake. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type FakeWorkspace, startFakeWorkspace } from "../../test/fake-workspace.ts";
import { openDatabricksFolders } from "./folders.ts";
import type { RemoteFolders } from "./workspace.ts";

let world: FakeWorkspace;
let folders: RemoteFolders;
beforeAll(async () => {
  world = await startFakeWorkspace();
  folders = openDatabricksFolders({ client: world.client });
});
beforeEach(() => {
  world.fake.control.removeFaults();
});
afterAll(() => world.fake.close());

test.each(["/Volumes/main/etl/metadata", "/Workspace/Shared/metadata"])("%s is read as it is named", async (folder) => {
  const path = `${folder}/a b #1.yaml`;
  world.fake.control.writeFile({ path, text: "jobs: ü\r\n" });
  world.fake.control.writeFile({ path: `${folder}/below/c.yaml`, text: "" });
  expect(await folders.read(path)).toBe("jobs: ü\r\n");
  expect(await folders.read(`${folder}/below/c.yaml`)).toBe("");
  expect(await folders.entries(folder)).toEqual([
    { path, kind: "file" },
    { path: `${folder}/below`, kind: "folder" },
  ]);
  expect(await folders.read(`${folder}/none.yaml`)).toBeUndefined();
  expect(await folders.entries(`${folder}/none`)).toBeUndefined();
});

test("a volume of more than one page is listed whole", async () => {
  const folder = "/Volumes/main/etl/many";
  for (let n = 0; n < 1_003; n += 1) world.fake.control.writeFile({ path: `${folder}/${n}.yaml`, text: "" });
  expect(await folders.entries(folder)).toHaveLength(1_003);
});

test("a refusal names the grant", async () => {
  world.fake.control.addFault({ path: "/fs/", fault: { kind: "status", status: 403, errorCode: "PERMISSION_DENIED" } });
  await expect(folders.entries("/Volumes/main/etl/metadata")).rejects.toMatchObject({
    code: "forbidden",
    hint: expect.stringContaining("READ VOLUME"),
  });
});
