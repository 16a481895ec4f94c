/** Calls that come together share a write; nobody is answered before the write that holds their call has ended. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openStore } from "../open.ts";
import { groupCommit } from "./group-commit.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "headgate-group-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it("answers after the write, in batches of what came meanwhile", async () => {
  const writes: { batch: readonly number[]; end: () => void }[] = [];
  const call = groupCommit<number, number>(
    (batch) =>
      new Promise((resolve) => {
        writes.push({ batch, end: () => resolve(batch.map((one) => ({ output: one * 10 }))) });
      }),
    () => 1,
    3,
  );
  const answers: number[] = [];
  const calls = [1, 2, 3, 4].map((one) => call(one).then((answer) => answers.push(answer)));
  await turn();
  await turn();
  expect([writes.map(({ batch }) => batch), answers]).toEqual([[[1, 2, 3]], []]);
  calls.push(call(5).then((answer) => answers.push(answer)));
  await turn();
  expect(writes).toHaveLength(1);
  writes[0]?.end();
  await Promise.all(calls.slice(0, 3));
  expect([writes.map(({ batch }) => batch), answers]).toEqual([
    [
      [1, 2, 3],
      [4, 5],
    ],
    [10, 20, 30],
  ]);
  writes[1]?.end();
  await Promise.all(calls);
  expect(answers).toEqual([10, 20, 30, 40, 50]);
});

it("fails only the call that cannot be written", async () => {
  const call = groupCommit<number, number>(
    async (batch) => {
      if (batch.includes(2)) throw new Error("no 2");
      return batch.map((output) => ({ output }));
    },
    () => 1,
    10,
  );
  const settled = await Promise.allSettled([call(1), call(2), call(3)]);
  expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});

it("keeps single events and new jobs that come together in few commits, each seen by others before its answer", async () => {
  const file = path.join(folder, "state.db");
  const [mine, other] = [
    await openStore({ kind: "sqlite", path: file }),
    await openStore({ kind: "sqlite", path: file }),
  ];
  try {
    const one = async (n: number): Promise<boolean> => {
      const [jobNode = 0] = await mine.lineage.upsertNodes([{ kind: "job", namespace: "n", name: `job ${n}` }]);
      const event = { source: "http", jobNode, runId: "r", type: "START", eventTime: "2026-11-21T00:00:00.000Z" };
      const [kept] = await mine.lineage.appendEvents([{ ...event, id: `event ${n}`, body: `{"n":${n}}` }]);
      const seen = await other.lineage.eventsAfter((kept?.seq ?? 0) - 1, 1);
      return seen[0]?.id === `event ${n}` && (await other.lineage.nodes([jobNode]))[0]?.name === `job ${n}`;
    };
    const seen = await Promise.all(Array.from({ length: 64 }, (_, n) => one(n)));
    expect(seen).toEqual(seen.map(() => true));
    expect(await other.lineage.lastEventSeq()).toBe(64);
  } finally {
    await mine.close();
    await other.close();
  }
});
