/** A throw-away Postgres for tests: one server a test run, a fresh database for each suite. */
import { execFile, execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chmod, chown, mkdtemp } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

/** A server to test with, or why there is none. */
export type TestPostgres =
  | {
      url: string;
      /** Makes a database, empty or as a copy of another one that nobody uses, and gives its URL. */
      createDatabase(copyOf?: string): Promise<string>;
    }
  | { skipped: string };

const run = promisify(execFile);
/** Account of the server where the tests run as root, which it refuses to. */
const ACCOUNT = "postgres";

function findPrograms(): string | undefined {
  const folders = existsSync("/usr/lib/postgresql")
    ? readdirSync("/usr/lib/postgresql")
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => `/usr/lib/postgresql/${version}/bin`)
    : [];
  const onPath = (process.env.PATH ?? "").split(path.delimiter);
  return [...folders, ...onPath, "/opt/homebrew/opt/postgresql/bin", "/usr/local/opt/postgresql/bin"].find((folder) =>
    existsSync(path.join(folder, "initdb")),
  );
}

function accountIds(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync("id", [flag, ACCOUNT], { encoding: "utf8" }).trim());
  return { uid: id("-u"), gid: id("-g") };
}

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });

async function start(bin: string, durable: boolean): Promise<string> {
  const ids = accountIds();
  const folder = await mkdtemp(path.join(tmpdir(), "headgate-pg-"));
  if (ids) await chown(folder, ids.uid, ids.gid);
  await chmod(folder, 0o700);
  const data = path.join(folder, "db");
  const as = { cwd: "/", env: { PATH: process.env.PATH ?? "", LC_ALL: "C" }, ...(ids ?? {}) };
  await run(
    path.join(bin, "initdb"),
    ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
    as,
  );
  const port = await freePort();
  const settings = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: "",
    max_connections: "100",
    shared_buffers: "64MB",
    timezone: "UTC",
    ...(durable ? {} : { fsync: "off", full_page_writes: "off" }),
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  // The shell waits for the end of our pipe, which comes however this process ends, and then clears up.
  const watch = '"$@" & server=$!; cat >/dev/null; kill -QUIT $server; wait $server; rm -rf "$FOLDER"';
  const server = spawn("/bin/sh", ["-c", watch, "watch", path.join(bin, "postgres"), "-D", data, ...options], {
    ...as,
    env: { ...as.env, FOLDER: folder },
    stdio: ["pipe", "ignore", "pipe"],
  });
  let said = "";
  await new Promise<void>((resolve, reject) => {
    server.stderr.setEncoding("utf8").on("data", (text: string) => {
      if (said.length < 20_000) said += text;
      if (said.includes("database system is ready to accept connections")) resolve();
      else if (said.includes("database system is shut down")) reject(new Error(`postgres did not start: ${said}`));
    });
    server.once("error", reject);
  });
  server.unref();
  for (const pipe of [server.stdin, server.stderr]) (pipe as unknown as { unref?: () => void }).unref?.();
  return `postgres://postgres@127.0.0.1:${port}/postgres`;
}

/** Value of HEADGATE_TEST_POSTGRES: no server, although there may be one. */
export const NONE = "none";

async function find(durable: boolean): Promise<TestPostgres> {
  const given = process.env.HEADGATE_TEST_POSTGRES;
  if (given === NONE) return { skipped: "PostgreSQL is used in the lane real" };
  const bin = given ? undefined : findPrograms();
  if (!given && bin === undefined) {
    return { skipped: "no PostgreSQL programs found (install postgresql, or set HEADGATE_TEST_POSTGRES)" };
  }
  const url = given ?? (await start(bin as string, durable));
  let count = 0;
  return {
    url,
    createDatabase: async (copyOf) => {
      const { default: pg } = await import("pg");
      const name = `headgate_test_${process.pid}_${Date.now().toString(36)}_${count++}`;
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      const template = copyOf === undefined ? "template1" : new URL(copyOf).pathname.slice(1);
      await client.query(`create database ${name} template ${template}`);
      await client.end();
      const own = new URL(url);
      own.pathname = `/${name}`;
      return own.href;
    },
  };
}

/** The server lives as long as the process; module state of a test thread would start one for each thread. */
const KEY = Symbol.for("headgate.test.postgres");

/** The server of this test run, started when first asked for. Prints why where there is none. */
export function testPostgres(): Promise<TestPostgres> {
  const shared = globalThis as { [KEY]?: Promise<TestPostgres> };
  shared[KEY] ??= find(false).then((found) => {
    if ("skipped" in found) console.warn(`Postgres tests are skipped: ${found.skipped}`);
    return found;
  });
  return shared[KEY];
}

/** A server of one's own whose commits reach the disk, for benchmarks. */
export const durablePostgres = (): Promise<TestPostgres> => find(true);
