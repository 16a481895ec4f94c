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
      // It shrank: nothing is left of its parts, also where another process wrote them.
      expect(await partsIn(deployment)).toEqual([]);
      await store.write(large(deployment, 4));
      const other = open(deployment);
      await other.read();
      await other.write(stateOf(deployment, 5));
      expect(await partsIn(deployment)).toEqual([]);
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
  const entry = (resource: string, serial: number, more: object = {}) => ({
    resource,
    serial,
    at: "2026-11-21T06:00:00.000Z",
    actor: "anna",
    commit: null,
    action: "update",
    jobId: "9007199254740993",
    settings: { name: `n${serial}`, big: 9007199254740993n },
    ...more,
  });
  const row = stateOf(PROD).jobs.nightly as DeployState["jobs"][string];
  const named = (entries: { resource: string; serial: number }[]) =>
    entries.map((one) => `${one.resource} ${one.serial}`);

  test("gives the entries that the state names, newest first, and those of before states named them", async () => {
    const deployment = { ...PROD, project: "history" };
    const store = open(deployment);
    const old = `${store.folder}/history/${encodeURIComponent("nightly/x")}`;
    for (const serial of [1, 2])
      await world.files.write(`${old}/${serial}.json`, JSON.stringify(entry("nightly/x", serial, { settings: {} })));
    await world.files.write(
      `${store.folder}/history/third/2.json`,
      JSON.stringify(entry("third", 2, { settings: {} })),
    );
    const history: string[] = [];
    for (let serial = 3; serial <= 5; serial++) {
      const kept = await store.definitions.keep(serial, [
        entry("nightly/x", serial),
        entry("untrue", serial),
        entry("other", serial),
      ]);
      history.push(kept.get("nightly/x") ?? "");
    }
    const deleted = await store.definitions.keepDeleted(entry("gone", 6, { action: "delete", jobId: "77" }));
    const state: DeployState = {
      ...stateOf(deployment, 6),
      jobs: { "nightly/x": { ...row, history, serial: 5 }, other: { ...row, history: ["4-0.2"], serial: 4 } },
      former: { gone: [deleted] },
    };
    await store.write(state);
    expect(await store.read()).toEqual(state);
    const kept = await store.readHistory("nightly/x", state);
    expect(kept.map(({ serial }) => serial)).toEqual([5, 4, 3, 2, 1]);
    expect(kept[0]).toEqual(entry("nightly/x", 5));
    expect(named(await store.readHistory("other", state))).toEqual(["other 4"]);
    expect(await store.readHistory("gone", state)).toMatchObject([{ serial: 6, action: "delete", jobId: "77" }]);
    expect(await store.readHistory("untrue", state)).toEqual([]);
    expect(await store.definitions.findDeleted("77")).toBe(deleted);
    expect(await store.definitions.findDeleted("78")).toBeUndefined();
    const recent = await store.readRecent(state, 20);
    expect(named(recent.entries)).toEqual([
      ...["gone 6", "nightly/x 5", "nightly/x 4", "other 4", "nightly/x 3", "nightly/x 2", "third 2", "nightly/x 1"],
    ]);
    expect(recent).toMatchObject({ more: false, unseen: 0 });
    expect(await store.readRecent(state, 2)).toMatchObject({ entries: [{ serial: 6 }, { serial: 5 }], more: true });
  });

  test("writes few files for many definitions, and finds each, under a former name too", async () => {
    const deployment = { ...PROD, project: "many" };
    const store = open(deployment);
    const many = Array.from({ length: 250 }, (_, n) => entry(`job_${n}`, 3, { jobId: n === 7 ? "" : String(n + 1) }));
    const kept = await store.definitions.keep(3, many);
    expect(world.fake.control.files().filter(({ path }) => path.includes("/many/prod/definitions/"))).toHaveLength(3);
    const ask = (resource: string, reference = kept.get(resource) ?? "") =>
      store.definitions.read([{ reference, resource }]);
    expect(await ask("job_249")).toEqual([many[249]]);
    expect(await ask("renamed", kept.get("job_200"))).toEqual([{ ...many[200], resource: "renamed" }]);
    expect(await ask("job_7", `${kept.get("job_7")}@800`)).toEqual([{ ...many[7], jobId: "800" }]);
    expect(await ask("lost", "9-0.0")).toEqual([]);
  });

  test("forgets what the state does not name, but nothing of an apply that goes on, or of a job that is there", async () => {
    const deployment = { ...PROD, project: "pruned" };
    const store = open(deployment);
    for (const serial of [1, 2, 3, 9]) await store.definitions.keep(serial, [entry("a", serial)]);
    await store.definitions.keepDeleted(entry("a", 2, { jobId: row.jobId }));
    await store.definitions.keepDeleted(entry("b", 2, { jobId: "5" }));
    await store.definitions.prune(
      { ...stateOf(deployment), jobs: { a: { ...row, history: ["2-0.0@5"] } }, former: { c: ["3-0.0"] } },
      8,
    );
    const left = world.fake.control.files().flatMap(({ path }) => path.split("/pruned/prod/definitions/")[1] ?? []);
    expect(left.sort()).toEqual(["2-0.json", `2-deleted-${row.jobId}.json`, "3-0.json", "9-0.json"]);
  });
});
