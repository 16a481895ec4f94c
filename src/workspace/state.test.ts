/** The state file and the history, in a workspace. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeWorkspace, startFakeWorkspace } from "../../test/fake-workspace.ts";
import type { Deployment } from "../model/identity.ts";
import type { DeployState } from "../model/state.ts";
import { openStateStore, stateFolder } from "./state.ts";

let world: FakeWorkspace;
beforeAll(async () => {
  world = await startFakeWorkspace({
    principals: [
      { userName: "admin@example.com", admin: true, tokens: ["admin-token"] },
      { userName: "anna@example.com", tokens: ["anna-token"] },
    ],
  });
});
afterAll(() => world.fake.close());

const PROD: Deployment = { project: "retail", target: "prod", workspaceId: "7405610922468161", user: undefined };

function stateOf(deployment: Deployment, serial = 1): DeployState {
  return {
    formatVersion: 1,
    project: deployment.project,
    target: deployment.target,
    workspaceId: deployment.workspaceId,
    user: deployment.user ?? null,
    lineage: "l-1",
    serial,
    fence: 3,
    headgate: "0.1.0",
    digestKey: "a2V5",
    appliedBy: null,
    jobs: {
      nightly: {
        jobId: "9007199254740993",
        name: "Nightly",
        applied: "p:v",
        added: "",
        secret: [],
        marked: true,
        protect: false,
        serial,
        at: "2026-11-21T06:00:00.000Z",
      },
    },
    pending: {},
  };
}

const open = (deployment: Deployment, files = world.files) =>
  openStateStore({ files, folder: stateFolder(deployment), deployment });

describe("the folder", () => {
  test("is shared, or the user's own, or what the config says", () => {
    expect(stateFolder(PROD)).toBe("/Workspace/Shared/.headgate/retail/prod");
    expect(stateFolder({ ...PROD, target: "dev", user: "anna@example.com" })).toBe(
      "/Workspace/Users/anna@example.com/.headgate/retail/dev",
    );
    expect(stateFolder(PROD, "/Workspace/Teams/x/")).toBe("/Workspace/Teams/x");
  });

  test.each(["", ".", "..", "a/b"])("%j is no name of a folder", (target) => {
    expect(() => stateFolder({ ...PROD, target })).toThrow(/cannot be part of the state's path/);
  });
});

describe("the state", () => {
  test("is absent, then written, then read back the same", async () => {
    const deployment = { ...PROD, project: "fresh" };
    const store = open(deployment);
    expect(await store.read()).toBeUndefined();
    await store.write(stateOf(deployment, 1));
    await store.write(stateOf(deployment, 2));
    expect(await store.read()).toEqual(stateOf(deployment, 2));
  });

  test.each([
    ["half a file", '{"formatVersion": 1, "pro', "input_invalid"],
    ["an empty file", "", "input_invalid"],
    ["null", "null", "input_invalid"],
    ["no state", '{"a": 1}', "input_invalid"],
    ["a newer format", '{"formatVersion": 2}', "store_newer"],
  ])("%s is an error that names the path, never an absent state", async (_, text, code) => {
    const deployment = { ...PROD, project: "broken" };
    const path = `${stateFolder(deployment)}/state.json`;
    await world.files.write(path, text);
    await expect(open(deployment).read()).rejects.toMatchObject({ code, message: expect.stringContaining(path) });
  });

  test.each<[string, Partial<Deployment>]>([
    ["workspace", { workspaceId: "1" }],
    ["project", { project: "other" }],
    ["target", { target: "other" }],
    ["user", { user: "anna@example.com" }],
  ])("of another %s is an error", async (part, other) => {
    const folder = "/Workspace/Shared/one-folder";
    await openStateStore({ files: world.files, folder, deployment: PROD }).write(stateOf(PROD));
    const store = openStateStore({ files: world.files, folder, deployment: { ...PROD, ...other } });
    await expect(store.read()).rejects.toMatchObject({ code: "owner_conflict", exitCode: 3, data: { part } });
  });

  test("that we may not read is forbidden, not absent", async () => {
    const mine = { ...PROD, target: "dev", user: "admin@example.com" };
    await open(mine).write(stateOf(mine));
    await expect(open(mine, world.openAs("anna-token").files).read()).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("the history", () => {
  test("gives entries newest first and keeps the last 50 of each resource", async () => {
    const deployment = { ...PROD, project: "history" };
    const store = open(deployment);
    const entry = (resource: string, serial: number) => ({
      resource,
      serial,
      at: "2026-11-21T06:00:00.000Z",
      actor: "anna",
      commit: null,
      action: "update",
      jobId: "9007199254740993",
      settings: { name: `n${serial}` },
    });
    for (let serial = 1; serial <= 53; serial++) await store.addHistory([entry("nightly/x", serial)]);
    await store.addHistory([entry("other", 7), entry("third", 7)]);
    const kept = await store.readHistory("nightly/x");
    expect(kept.map(({ serial }) => serial)).toEqual(Array.from({ length: 50 }, (_, i) => 53 - i));
    expect(kept[0]).toEqual(entry("nightly/x", 53));
    expect(await store.readHistory("other")).toHaveLength(1);
    expect(await store.readHistory("never")).toEqual([]);
  });
});
