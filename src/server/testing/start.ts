/** Starts servers of plain values on free ports for tests, and talks to them over real HTTP. */
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { systemClock } from "../../util/clock.ts";
import { type RunningServer, type StartOptions, startServer } from "../serve.ts";
import type { ServerDeps, ServerSettings } from "../server-deps.ts";
import { noEvents } from "./no-events.ts";
import { noLineage } from "./no-lineage.ts";
import { noRuns } from "./no-runs.ts";
import { type PlainWorld, plainJobs, plainWorld, row } from "./plain-jobs.ts";
import { type PlainStore, plainStore } from "./plain-store.ts";

/** What a test may set. */
export interface TestOptions extends Partial<Omit<StartOptions, "deps" | "settings">> {
  deps?: Partial<ServerDeps>;
  settings?: Partial<ServerSettings>;
  world?: PlainWorld;
}

/** A server under test. */
export interface TestServer extends RunningServer {
  port: number;
  store: PlainStore;
  world: PlainWorld;
  /** Its log so far. */
  log: () => string;
}

const running: RunningServer[] = [];

/** Stops every server a test left running: for `afterEach`. */
export async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map((server) => server.close()));
}

/** Starts one; {@link stopAll} ends it. */
export async function start(options: TestOptions = {}): Promise<TestServer> {
  const { deps, settings, world = plainWorld([row("nightly"), row("hourly")]), ...rest } = options;
  const store = plainStore();
  const lines: string[] = [];
  const server = await startServer({
    graceMs: 2_000,
    ...rest,
    deps: {
      jobs: plainJobs(world),
      runs: noRuns,
      events: noEvents,
      lineage: noLineage,
      store,
      clock: systemClock,
      info: {
        version: "0.1.0",
        project: "retail",
        target: "prod",
        workspace: "prod",
        host: "https://adb-1.example.com",
        timezone: "Europe/London",
      },
      actor: "anna",
      writeLog: (line) => void lines.push(line),
      logLevel: "debug",
      ...deps,
    },
    settings: { listen: "127.0.0.1:0", ...settings },
  });
  running.push(server);
  return { ...server, port: Number(new URL(server.url).port), store, world, log: () => lines.join("") };
}

/** An answer, read whole. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** The body as JSON; throws when it is none. */
  json: () => Record<string, unknown>;
}

/** One request. */
export interface Asked {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Sends the body without a length, in pieces. */
  chunked?: boolean;
}

/** Sends a request. */
export function ask(server: { port: number }, path: string, asked: Asked = {}): Promise<Answer> {
  const { method = "GET", headers = {}, body, chunked = false } = asked;
  return new Promise((resolve, reject) => {
    const length = body === undefined || chunked ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const request = httpRequest(
      { host: "127.0.0.1", port: server.port, path, method, headers: { ...length, ...headers }, agent: false },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(parts).toString("utf8");
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: () => JSON.parse(text) as Record<string, unknown>,
          });
        });
      },
    );
    request.on("error", reject);
    if (body !== undefined && chunked) {
      request.setHeader("transfer-encoding", "chunked");
      for (let at = 0; at < body.length; at += 16_384) request.write(body.slice(at, at + 16_384));
    } else if (body !== undefined) request.write(body);
    request.end();
  });
}

/** A POST of JSON with a bearer token. */
export function post(server: TestServer, path: string, body: unknown, more: Asked = {}): Promise<Answer> {
  return ask(server, path, {
    method: "POST",
    body: JSON.stringify(body),
    ...more,
    headers: { "content-type": "application/json", authorization: `Bearer ${server.token}`, ...more.headers },
  });
}

/** Waits until something holds, looking again and again; the test's own time limit ends it. */
export async function until<T>(look: () => T | Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** One event of a stream, or a comment (`name` is `:`). */
export interface Event {
  id: string | undefined;
  name: string;
  data: unknown;
}

/** An open event stream. */
export interface EventStream {
  /** Resolves with the next event of this name; those before it are passed over. */
  next(name: string): Promise<Event>;
  /** Resolves when the server ended the stream. */
  ended: Promise<void>;
  close(): void;
}

/** Opens GET /events. */
export function listen(server: { port: number }, headers: Record<string, string> = {}): Promise<EventStream> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: "127.0.0.1", port: server.port, path: "/api/v1/events", headers, agent: false },
      (response) => {
        if (response.statusCode !== 200) {
          response.resume();
          reject(new Error(`events answered ${response.statusCode}`));
          return;
        }
        const events: Event[] = [];
        let wake = () => {};
        let held = "";
        let over = false;
        const ended = new Promise<void>((end) => {
          response.on("close", () => {
            over = true;
            wake();
            end();
          });
        });
        response.on("error", () => wake());
        response.setEncoding("utf8");
        response.on("data", (text: string) => {
          held += text;
          const frames = held.split("\n\n");
          held = frames.pop() ?? "";
          for (const frame of frames) {
            const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(frame)?.[1];
            if (frame.startsWith(":")) events.push({ id: undefined, name: ":", data: frame });
            const name = field("event");
            if (name !== undefined) events.push({ id: field("id"), name, data: JSON.parse(field("data") ?? "null") });
          }
          wake();
        });
        resolve({
          ended,
          close: () => request.destroy(),
          async next(name) {
            for (;;) {
              while (events.length > 0) {
                const event = events.shift() as Event;
                if (event.name === name) return event;
              }
              if (over) throw new Error(`the stream ended before ${name}`);
              await new Promise<void>((again) => {
                wake = again;
              });
            }
          },
        });
      },
    );
    request.on("error", reject);
    request.end();
  });
}
