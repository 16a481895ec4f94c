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
    ["a newer format", '{"formatVersion": 3}', "store_newer"],
    ["a head without its parts", '{"formatVersion": 2}', "input_invalid"],
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

  describe("of more jobs than one file holds", () => {
    const large = (deployment: Deployment, serial: number): DeployState => {
      const { nightly } = stateOf(deployment, serial).jobs;
      const rows = Array.from({ length: 1_700 }, (_, index) => [
        `job_${index}`,
        { ...nightly, jobId: String(index), applied: String(index).padEnd(4_000, "x") },
      ]);
      return { ...stateOf(deployment, serial), jobs: Object.fromEntries(rows) };
    };
    const partsIn = async (deployment: Deployment) =>
      (await world.files.list(stateFolder(deployment))).filter((name) => name.startsWith("rows-"));

    test("is written in parts, read back the same, and leaves none behind", async () => {
      const deployment = { ...PROD, project: "large" };
      const store = open(deployment);
      await store.write(large(deployment, 1));
      expect(await store.read()).toEqual(large(deployment, 1));
      const first = await partsIn(deployment);
      expect(first).toHaveLength(2);
      await store.write(large(deployment, 2));
      expect(await store.read()).toEqual(large(deployment, 2));
      const second = await partsIn(deployment);
      expect(second).toHaveLength(first.length);
      expect(second.filter((name) => first.includes(name))).toEqual([]);
      await store.write(stateOf(deployment, 3));
      expect(await store.read()).toEqual(stateOf(deployment, 3));
    });

    test("is the former one until the state file names the new parts", async () => {
      const deployment = { ...PROD, project: "killed" };
      await open(deployment).write(large(deployment, 1));
      let left = 2;
      const dying = {
        ...world.files,
        write: (path: string, text: string) =>
          left-- > 0 ? world.files.write(path, text) : Promise.reject(new Error("killed")),
      };
      await expect(open(deployment, dying).write(large(deployment, 2))).rejects.toThrow("killed");
      expect(await open(deployment).read()).toEqual(large(deployment, 1));
    });

    test("is an error where a part is gone or another one, never a smaller state", async () => {
      const deployment = { ...PROD, project: "spoilt" };
      await open(deployment).write(large(deployment, 1));
      const [part = ""] = await partsIn(deployment);
      const path = `${stateFolder(deployment)}/${part}`;
      await world.files.write(path, '{"jobs":{}}');
      await expect(open(deployment).read()).rejects.toMatchObject({ code: "input_invalid" });
      await world.files.remove(path);
      await expect(open(deployment).read()).rejects.toMatchObject({ code: "input_invalid" });
    });

    test("is read whole while another one replaces it", async () => {
      const deployment = { ...PROD, project: "replaced" };
      await open(deployment).write(large(deployment, 1));
      let replaced = false;
      const slow = {
        ...world.files,
        async read(path: string) {
          if (path.includes("/rows-") && !replaced) {
            replaced = true;
            await open(deployment).write(large(deployment, 2));
          }
          return world.files.read(path);
        },
      };
      expect(await open(deployment, slow).read()).toEqual(large(deployment, 2));
    });
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
    // A state that knows two of the three: the third was deleted.
    const row = stateOf(deployment).jobs.nightly as DeployState["jobs"][string];
    const state = {
      ...stateOf(deployment, 53),
      jobs: { "nightly/x": { ...row, serial: 53 }, other: { ...row, serial: 7 } },
    };
    const recent = await store.readRecent(state, 52);
    expect(recent.entries.map((one) => `${one.resource} ${one.serial}`).slice(-7)).toEqual([
      "nightly/x 8",
      "nightly/x 7",
      "other 7",
      "third 7",
      "nightly/x 6",
      "nightly/x 5",
      "nightly/x 4",
    ]);
    expect(recent).toMatchObject({ more: false, unseen: 0 });
    expect(await store.readRecent(state, 2)).toMatchObject({ entries: [{ serial: 53 }, { serial: 52 }], more: true });
    expect(await store.readHistory("never")).toEqual([]);
  });
});
