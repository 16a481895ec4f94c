/** Statements against a server that speaks the Statement Execution API as its reference describes it. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { quickClock } from "../../../test/quick-clock.ts";
import { patCredentials } from "./auth/pat.ts";
import { openDatabricks } from "./client.ts";

interface Seen {
  call: string;
  body: string;
}

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A warehouse that answers each request with the next of these bodies (a number: that status), the last one for ever; a cancellation with `{}`. */
async function open(answers: (object | number | "drop")[]) {
  const seen: Seen[] = [];
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    seen.push({ call: `${request.method} ${request.url}`, body });
    const cancelled = request.url?.endsWith("/cancel") === true;
    const answer = cancelled ? {} : answers[Math.min(seen.length, answers.length) - 1];
    if (answer === "drop") request.socket.destroy();
    else if (typeof answer === "number") response.writeHead(answer).end("{}");
    else response.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const clock = quickClock();
  const client = openDatabricks({
    host: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: patCredentials("dapi-test-token"),
    clock,
    userAgent: "headgate/0.0.0-test",
  });
  return { seen, clock, execute: client.statements.execute };
}

const STATEMENT = { sql: "select :n", warehouse: "w1", safe: true };
const state = (name: string, more: object = {}) => ({ statement_id: "s-1", status: { state: name }, ...more });
const manifest = { schema: { columns: [{ name: "id", type_text: "BIGINT" }] }, truncated: false };

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

describe("a statement that succeeds", () => {
  test("is sent with its named parameters, polled with growing waits, and read chunk by chunk", async () => {
    const { seen, clock, execute } = await open([
      state("PENDING"),
      state("RUNNING"),
      state("RUNNING"),
      state("SUCCEEDED", { manifest, result: { data_array: [["9007199254740993"], [null]], next_chunk_index: 1 } }),
      { data_array: [["3"]], next_chunk_index: 2 },
      { data_array: [["4"]] },
    ]);
    const parameters = [{ name: "n", value: "1", type: "BIGINT" }];
    const result = await execute({ ...STATEMENT, catalog: "main", schema: "etl", parameters });
    expect(result).toMatchObject({ statementId: "s-1", columns: [{ name: "id", type: "BIGINT" }], truncated: false });
    expect(seen).toHaveLength(4); // chunks are fetched only as they are read
    expect(await all(result.rows)).toEqual([["9007199254740993"], [null], ["3"], ["4"]]);
    expect(JSON.parse(seen[0]?.body ?? "")).toMatchObject({
      statement: "select :n",
      warehouse_id: "w1",
      catalog: "main",
      schema: "etl",
      parameters,
      on_wait_timeout: "CONTINUE",
    });
    expect(seen.map(({ call }) => call).slice(1)).toEqual([
      ...Array(3).fill("GET /api/2.0/sql/statements/s-1"),
      "GET /api/2.0/sql/statements/s-1/result/chunks/1",
      "GET /api/2.0/sql/statements/s-1/result/chunks/2",
    ]);
    expect(clock.slept).toEqual([250, 500, 1_000]);
  });

  test("without rows (DDL) gives none", async () => {
    const { execute } = await open([state("SUCCEEDED", { manifest: { total_chunk_count: 0 }, result: {} })]);
    const result = await execute(STATEMENT);
    expect([result.columns, await all(result.rows)]).toEqual([[], []]);
  });
});

describe("a statement that fails", () => {
  test.each([[[{}]], [[state("PENDING"), {}]]])(
    "is unknown where an answer names no statement: %j",
    async (answers) => {
      const { execute } = await open(answers);
      const said = { code: "unavailable", message: "the answer names no statement" };
      await expect(execute(STATEMENT)).rejects.toMatchObject({ ...said, data: {} });
      await expect(execute({ ...STATEMENT, safe: false })).rejects.toMatchObject({ ...said, data: { sent: true } });
    },
  );

  const failed = (error_code: string, sql_state?: string) => ({
    statement_id: "s-1",
    status: { state: "FAILED", sql_state, error: { error_code, message: "[NO_SUCH_TABLE] t\nmore" } },
  });

  test.each([
    [failed("BAD_REQUEST", "42P01"), "remote_error", true],
    [failed("BAD_REQUEST", "42501"), "forbidden", true],
    [failed("TEMPORARILY_UNAVAILABLE"), "unavailable", false],
    [state("CANCELED"), "unavailable", false],
    [state("CLOSED"), "unavailable", false],
  ])("%j is %s", async (answer, code, permanent) => {
    const { execute } = await open([answer]);
    await expect(execute(STATEMENT)).rejects.toMatchObject({ code, permanent, data: { statementId: "s-1" } });
  });

  test("says the service's code and first line", async () => {
    const { execute } = await open([failed("BAD_REQUEST", "42P01")]);
    await expect(execute(STATEMENT)).rejects.toMatchObject({
      message: "statement s-1 failed: BAD_REQUEST: [NO_SUCH_TABLE] t",
      data: { errorCode: "BAD_REQUEST", sqlState: "42P01" },
    });
  });

  test("a lost answer is repeated only where the statement says that is harmless", async () => {
    const write = await open(["drop", state("SUCCEEDED")]);
    await expect(write.execute({ ...STATEMENT, safe: false })).rejects.toMatchObject({ data: { sent: true } });
    expect(write.seen).toHaveLength(1);
    server?.close();
    const read = await open(["drop", state("SUCCEEDED")]);
    await read.execute(STATEMENT);
    expect(read.seen).toHaveLength(2);
  });

  test("a missing grant on the warehouse is named", async () => {
    const { execute } = await open([403]);
    await expect(execute(STATEMENT)).rejects.toMatchObject({
      code: "forbidden",
      hint: expect.stringContaining("CAN_USE"),
    });
  });
});

test("an aborted statement is cancelled in the warehouse", async () => {
  const stop = new AbortController();
  const { seen, execute } = await open([state("RUNNING")]);
  const running = execute({ ...STATEMENT, signal: stop.signal });
  await expect.poll(() => seen.length).toBeGreaterThan(1);
  stop.abort();
  await expect(running).rejects.toMatchObject({ code: "interrupted", exitCode: 130 });
  expect(seen.at(-1)?.call).toBe("POST /api/2.0/sql/statements/s-1/cancel");
});
