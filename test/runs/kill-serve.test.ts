/** kill -9 of `headgate serve` in the middle of transitions (2,000 of them in the real lane): nothing acknowledged is lost, nothing is doubled. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openRunsRoom } from "../../src/runs/open-room.ts";
import type { StoreTarget } from "../../src/store/open.ts";
import type { Store } from "../../src/store/transaction.ts";
import { systemClock } from "../../src/util/clock.ts";
import { buildProgram } from "../build-program.ts";
import { WHOLE } from "../sample.ts";
import { onBothStores } from "../stores.ts";

/** 2,000 transitions in the lane `real`; else as many as tell soon whether something is broken. */
const RUNS = 10;
const TASKS = WHOLE ? 100 : 15;
const CLIENTS = 5;
const KILL_AFTER = WHOLE ? 700 : 100;

interface Transition {
  verb: "start" | "end";
  body: Record<string, unknown>;
  key: string;
}

/** What each client does, in its order: runs one after the other, task by task. */
const WORK: Transition[][] = Array.from({ length: CLIENTS }, (_, client) =>
  Array.from({ length: RUNS / CLIENTS }, (_one, turn) => `run-${client}-${turn}`).flatMap((executionId) =>
    Array.from({ length: TASKS }, (_task, index) => index + 1).flatMap((taskId) =>
      (["start", "end"] as const).map((verb) => ({
        verb,
        key: `${executionId}/${taskId}/${verb}`,
        body: {
          projectCode: "CORP",
          processLoad: "WIDE",
          executionId,
          processingDate: "2026-11-20",
          workflowId: 1,
          taskId,
        },
      })),
    ),
  ),
);

function openRoom(store: Store) {
  return openRunsRoom({
    store,
    clock: systemClock,
    project: "shop",
    actor: "anna",
    timezone: "UTC",
    leaseMs: 3_600_000,
    random: randomBytes,
    warn: (message) => {
      throw new Error(message);
    },
    readCatalogue: async () => ({
      sequences: [],
      problems: [],
      processes: [
        {
          projectCode: "CORP",
          processLoad: "WIDE",
          details: {},
          parameters: [],
          tasks: Array.from({ length: TASKS }, (_, index) => ({
            workflowId: 1,
            taskId: index + 1,
            sequenceId: 2,
            name: `Load ${index + 1}`,
          })),
        },
      ],
    }),
  });
}

interface Serving {
  child: ChildProcess;
  url: string;
  token: string;
}

/** Starts the program and waits until it says where it listens. */
function serve(program: string, folder: string): Promise<Serving> {
  const child = spawn(process.execPath, [program, "serve", "--listen", "127.0.0.1:0", "--json", "--quiet"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  let complained = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complained += text;
  });
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`serve ended with ${code}: ${complained.slice(-2_000)}`)));
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (!said.includes("\n")) return;
      const { url } = JSON.parse(said) as { url: string };
      const file = readFileSync(path.join(folder, ".headgate/serve-token"), "utf8");
      resolve({ child, url, token: (JSON.parse(file) as { token: string }).token });
    });
  });
}

/** Sends a transition; undefined where no answer came. */
async function send({ url, token }: Serving, { verb, body, key }: Transition): Promise<object | undefined> {
  let text: string;
  let status: number;
  try {
    const answer = await fetch(`${url}/api/v1/runs/${verb}`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}`, "idempotency-key": key },
      body: JSON.stringify(body),
    });
    status = answer.status;
    text = await answer.text();
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
  if (status !== 200) throw new Error(`${key}: ${status} ${text}`);
  return JSON.parse(text) as object;
}

let built: { program: string; remove: () => Promise<void> };
beforeAll(async () => {
  built = await buildProgram("src/main.ts");
});
afterAll(() => built.remove());

await onBothStores("serve, killed in the middle of transitions,", (setting) => {
  it("loses nothing it acknowledged and doubles nothing", { timeout: 240_000 }, async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "headgate-kill-"));
    const servers: Serving[] = [];
    try {
      const given = await setting.target();
      const target: StoreTarget =
        given.kind === "sqlite" ? { kind: "sqlite", path: path.join(folder, ".headgate/state.db") } : given;
      const kept = target.kind === "sqlite" ? "{ kind: sqlite }" : `{ kind: postgres, url: "${target.url}" }`;
      writeFileSync(
        path.join(folder, "headgate.yaml"),
        [
          "version: 1",
          "project: shop",
          `store: ${kept}`,
          'workspaces: { main: { host: "http://127.0.0.1:9", auth: { kind: pat, token: none } } }',
          "targets: { prod: { default: true, workspace: main } }",
          "",
        ].join("\n"),
      );
      const store = await setting.open(target);
      const room = openRoom(store);
      await room.setup();
      await room.registerFiles();
      for (const executionId of new Set(WORK.flat().map(({ body }) => String(body.executionId)))) {
        await room.generateExecutionSteps(executionId, "CORP", "WIDE", "2026-11-20", { carryForward: false });
      }

      const first = await serve(built.program, folder);
      servers.push(first);
      const acknowledged = new Map<string, object>();
      const gone = new Promise<void>((resolve) => first.child.once("exit", () => resolve()));
      await Promise.all(
        WORK.map(async (transitions) => {
          for (const transition of transitions) {
            const answer = await send(first, transition);
            if (answer === undefined) return;
            acknowledged.set(transition.key, answer);
            if (acknowledged.size === KILL_AFTER) first.child.kill("SIGKILL");
          }
        }),
      );
      await gone;
      expect(acknowledged.size).toBeGreaterThanOrEqual(KILL_AFTER);
      expect(acknowledged.size).toBeLessThan(WORK.flat().length);

      const second = await serve(built.program, folder);
      servers.push(second);
      const differing: string[] = [];
      await Promise.all(
        WORK.map(async (transitions) => {
          for (const transition of transitions) {
            const answer = await send(second, transition);
            const before = acknowledged.get(transition.key);
            if (answer === undefined) throw new Error("the second server went away");
            // The first answer, but for the word that it is one.
            const same = JSON.stringify({ ...answer, replayed: false }) === JSON.stringify(before);
            if (before !== undefined && !same) differing.push(transition.key);
          }
        }),
      );
      expect(differing).toEqual([]);

      const steps = await store.runs.steps({ projectCode: "CORP", limit: 10_000 });
      const tasks = steps.filter(({ workflowId }) => workflowId === 1);
      expect(tasks).toHaveLength(RUNS * TASKS);
      expect(tasks.filter(({ status, attempt }) => status !== "DONE" || attempt !== 0)).toEqual([]);
      const commands = await store.runs.eventsAfter(0, 100_000);
      const accepted = commands.filter(({ verdict }) => verdict === "accepted");
      for (const type of ["START", "END"]) {
        expect(accepted.filter((command) => command.type === type)).toHaveLength(RUNS * TASKS);
      }
      expect(new Set(commands.map(({ eventId }) => eventId)).size).toBe(commands.length);
      expect(await room.check()).toMatchObject({ differing: [], verdicts: [] });
    } finally {
      for (const { child } of servers) {
        if (child.exitCode === null && child.signalCode === null) {
          const ended = new Promise((resolve) => child.once("exit", resolve));
          child.kill("SIGKILL");
          await ended;
        }
      }
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
