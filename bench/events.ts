/**
 * OpenLineage events a second through HTTP, durable (`synchronous=FULL`) and folded into the graph meanwhile, against a
 * server that reads each body and does nothing: same client, same events, same run, each server in a process of its own.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { median } from "./measure/child.ts";
import { type Headline, headline } from "./measure/headline.ts";

const SERVER = path.join(import.meta.dirname, "measure/event-server.ts");
const CALLERS = 64;
const EVENTS = 1_000;
const BATCH = 100;
const ROUNDS = 2;
/** The graph is behind by less than this, milliseconds. */
const FOLDED_MS = 1_000;

const uuid = (number: number): string => `01a1fd91-d866-706a-b6e7-${String(number).padStart(12, "0")}`;

/** An event as Spark writes it for a job of three inputs and one output, about 2.5 KB. */
function event(number: number): string {
  const run = Math.floor(number / 3);
  const dataset = (name: string, facets: object) => ({
    namespace: "abfss://lake@acct.dfs.core.windows.net",
    name,
    facets,
  });
  const base = { _producer: "https://example.com", _schemaURL: "https://openlineage.io/spec/facets/1-0-0/x.json" };
  const fields = Array.from({ length: 8 }, (_, n) => ({ name: `column_${n}`, type: "string" }));
  const inputs = [0, 1, 2].map((n) => dataset(`bronze/t${(run + n) % 400}`, { schema: { ...base, fields } }));
  const lineage = Object.fromEntries(
    fields.slice(0, 4).map(({ name }) => [
      name,
      {
        inputFields: [
          {
            namespace: inputs[0]?.namespace,
            name: inputs[0]?.name,
            field: name,
            transformations: [{ type: "DIRECT", subtype: "IDENTITY" }],
          },
        ],
      },
    ]),
  );
  return JSON.stringify({
    eventTime: new Date(Date.UTC(2026, 10, 21) + number * 10).toISOString(),
    producer: "https://github.com/OpenLineage/OpenLineage/tree/1.53.0/integration/spark",
    schemaURL: "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    eventType: ["START", "RUNNING", "COMPLETE"][number % 3],
    run: {
      runId: uuid(run),
      facets: { parent: { ...base, run: { runId: uuid(9_000_000) }, job: { namespace: "prod", name: "app" } } },
    },
    job: { namespace: "prod", name: `job_${run % 300}`, facets: {} },
    inputs,
    outputs: [
      dataset(`silver/t${run % 300}`, { schema: { ...base, fields }, columnLineage: { ...base, fields: lineage } }),
    ],
  });
}

interface Running {
  url: string;
  token: string;
  /** User CPU that it has taken, in seconds. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

/** Events a second of time, and of the server's user CPU. */
interface Rate {
  perWall: number;
  perCpu: number;
}

async function serve(kind: string, folder: string): Promise<Running> {
  const child = spawn(process.execPath, ["--import", "tsx", SERVER, kind, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout);
  const [line] = (await once(lines, "line")) as [string];
  const { url, token } = JSON.parse(line) as { url: string; token: string };
  return {
    url,
    token,
    async cpu() {
      const told = once(lines, "line");
      child.kill("SIGUSR2");
      const [text] = (await told) as [string];
      return Number(text) / 1_000;
    },
    async stop() {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** Posts bodies over kept connections. */
async function rate(server: Running, route: string, bodies: readonly Buffer[], events: number): Promise<Rate> {
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
  const post = (body: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers = {
        "content-type": "application/json",
        "content-length": body.length,
        authorization: `Bearer ${server.token}`,
      };
      const asked = request(`${server.url}/api/v1/lineage${route}`, { method: "POST", agent, headers }, (answer) => {
        answer.resume();
        answer.on("end", () => {
          if ((answer.statusCode ?? 500) < 300) resolve();
          else reject(new Error(`answered ${answer.statusCode}`));
        });
      });
      asked.on("error", reject);
      asked.end(body);
    });
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) await post(body);
  };
  const before = await server.cpu();
  const started = performance.now();
  await Promise.all(Array.from({ length: CALLERS }, caller));
  const seconds = (performance.now() - started) / 1_000;
  agent.destroy();
  // What is folded after the last answer is paid for too.
  await new Promise((resolve) => setTimeout(resolve, FOLDED_MS));
  return { perWall: events / seconds, perCpu: events / ((await server.cpu()) - before) };
}

/** Figures for single events and for batches. */
export async function run(): Promise<Headline[]> {
  const folder = await mkdtemp(path.join(tmpdir(), "headgate-bench-"));
  const ours = await serve("ours", folder);
  const nothing = await serve("nothing", folder);
  let made = 0;
  const make = (count: number): string[] => Array.from({ length: count }, () => event(made++));
  try {
    const measured: Record<string, { ours: Rate[]; nothing: Rate[] }> = {};
    for (let round = 0; round <= ROUNDS; round++) {
      for (const route of ["", "/batch"]) {
        const texts = make(EVENTS);
        const bodies =
          route === ""
            ? texts.map((text) => Buffer.from(text))
            : Array.from({ length: EVENTS / BATCH }, (_, n) =>
                Buffer.from(`[${texts.slice(n * BATCH, (n + 1) * BATCH).join(",")}]`),
              );
        const theirs = await rate(nothing, route, bodies, EVENTS);
        const mine = await rate(ours, route, bodies, EVENTS);
        // the first round warms both up
        if (round === 0) continue;
        measured[route] ??= { ours: [], nothing: [] };
        measured[route].ours.push(mine);
        measured[route].nothing.push(theirs);
      }
    }
    return Object.entries(measured).flatMap(([route, rates]) => {
      const name = route === "" ? "events over HTTP, one a request" : `events over HTTP, ${BATCH} a request`;
      const of = (list: Rate[], which: keyof Rate) => median(list.map((one) => one[which]));
      const line = (which: keyof Rate, unit: string) =>
        headline({
          name,
          value: of(rates.ours, which),
          unit,
          baseline: of(rates.nothing, which),
          baselineName: "a server that reads the body and does nothing",
        });
      return [
        line("perWall", `events per s, ${CALLERS} callers`),
        line("perCpu", "events per s of the server's user CPU"),
      ];
    });
  } finally {
    await Promise.all([ours.stop(), nothing.stop()]);
    await rm(folder, { recursive: true, force: true });
  }
}
