/** A SQL warehouse to test with: Spark and Delta behind the Statement Execution API, where that tool lies beside the repository. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";
import { WHOLE } from "./sample.ts";

const START = path.resolve(import.meta.dirname, "../../shared/tools/spark-warehouse/start.sh");
const TOKEN = "local-token";

/** Why there is no such warehouse here, or undefined. It takes half a minute to start: only the real lane has that. */
export function whyNoSpark(): string | undefined {
  if (!existsSync(START)) return "../shared/tools/spark-warehouse is absent";
  if (spawnSync("java", ["-version"]).status !== 0) return "there is no java";
  return WHOLE ? undefined : "Spark is started in the lane real only";
}

/** A running warehouse. */
export interface SparkWarehouse {
  url: string;
  warehouse: string;
  /** Rows of a statement, as texts. @throws Error with what the engine says */
  sql(statement: string): Promise<(string | null)[][]>;
  close(): Promise<void>;
}

interface Answer {
  status: { state: string; error?: { message: string } };
  result?: { data_array?: (string | null)[][] };
}

/** Starts the tool at a free port; its first start installs it. @throws Error where it ends instead */
export async function startSpark(): Promise<SparkWarehouse> {
  const child = spawn(START, ["--port", "0"], { stdio: ["ignore", "pipe", "pipe"] });
  const said: string[] = [];
  child.stderr.on("data", (data: Buffer) => said.push(data.toString()));
  const ended = new Promise<never>((_resolve, reject) => {
    child.on("exit", (code) => reject(new Error(`the warehouse ended with ${code}: ${said.join("").slice(-500)}`)));
  });
  // It also ends when it is told to: then nobody waits.
  ended.catch(() => undefined);
  const ready = new Promise<{ url: string; warehouse_id: string }>((resolve) => {
    createInterface(child.stdout).on("line", (line) => {
      if (line.startsWith("{")) resolve(JSON.parse(line));
    });
  });
  const { url, warehouse_id: warehouse } = await Promise.race([ready, ended]);
  return {
    url,
    warehouse,
    async sql(statement) {
      const response = await fetch(`${url}/api/2.0/sql/statements`, {
        method: "POST",
        headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
        body: JSON.stringify({ statement, warehouse_id: warehouse, wait_timeout: "50s" }),
      });
      const { status, result } = (await response.json()) as Answer;
      if (status.state !== "SUCCEEDED") throw new Error(`${status.state}: ${status.error?.message}`);
      return result?.data_array ?? [];
    },
    close: () =>
      new Promise((resolve) => {
        child.on("exit", () => resolve());
        child.kill("SIGTERM");
      }),
  };
}

/** A workspace's front: SQL goes to the warehouse, everything else to the workspace behind it. */
export async function openFront(spark: SparkWarehouse, workspace: string) {
  const server = createServer(async (asked, answer) => {
    const wanted = asked.url ?? "/";
    const isSql = wanted.startsWith("/api/2.0/sql/statements");
    const chunks: Buffer[] = [];
    for await (const chunk of asked) chunks.push(chunk as Buffer);
    const { authorization = "", "content-type": type = "application/json" } = asked.headers;
    const got = await fetch((isSql ? spark.url : workspace) + wanted, {
      method: asked.method ?? "GET",
      headers: { authorization: isSql ? `Bearer ${TOKEN}` : authorization, "content-type": type },
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
      redirect: "manual",
    });
    answer.writeHead(got.status, { "content-type": got.headers.get("content-type") ?? "application/json" });
    answer.end(Buffer.from(await got.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
