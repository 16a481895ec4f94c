import { afterEach, beforeEach, expect, it } from "vitest";
import type { JsonObject } from "../json.ts";
import { type FakeDatabricks, startFakeDatabricks } from "../start.ts";
import { type Client, clientOf } from "../testing-client.ts";

let fake: FakeDatabricks;
let client: Client;
beforeEach(async () => {
  fake = await startFakeDatabricks({
    principals: [
      { userName: "a@example.com", tokens: ["a"] },
      { userName: "b@example.com", tokens: ["b"] },
    ],
  });
  client = clientOf(fake.url, "a");
});
afterEach(() => fake.close());

const API = "/api/2.0/sql/statements";
const run = (statement: string, more: object = {}) => client.post(API, { statement, warehouse_id: "w", ...more });
const stateOf = (body: JsonObject) => (body.status as JsonObject).state;

it("answers with rows, all values as text", async () => {
  fake.control.addStatement({
    match: "from t",
    columns: [
      { name: "id", type: "BIGINT" },
      { name: "ok", type: "BOOLEAN" },
      { name: "x" },
      { name: "d", type: "DECIMAL(10,2)" },
    ],
    rows: [[9007199254740993n, true, null, 1.5]],
  });
  const { body } = await run("SELECT *\nFROM t");
  expect(body).toMatchObject({
    status: { state: "SUCCEEDED" },
    manifest: {
      total_row_count: 1,
      schema: {
        column_count: 4,
        columns: [
          { name: "id", type_name: "BIGINT", position: 0 },
          {},
          { type_text: "STRING" },
          { type_name: "DECIMAL", type_text: "DECIMAL(10,2)" },
        ],
      },
    },
    result: { chunk_index: 0, data_array: [["9007199254740993", "true", null, "1.5"]] },
  });
});

it("fails with HTTP success", async () => {
  fake.control.addStatement({ match: "missing", error: "[TABLE_OR_VIEW_NOT_FOUND] no table", sqlState: "42P01" });
  const { status, body } = await run("select * from missing");
  expect([status, body.status]).toEqual([
    200,
    {
      state: "FAILED",
      error: { error_code: "BAD_REQUEST", message: "[TABLE_OR_VIEW_NOT_FOUND] no table" },
      sql_state: "42P01",
    },
  ]);
  expect(stateOf((await run("select 1")).body)).toBe("SUCCEEDED");
});

it("is pending, then running, then done when nobody waits", async () => {
  fake.control.addStatement({ match: ".", polls: 1, columns: [{ name: "n" }], rows: [[1]] });
  const first = (await run("select 1", { wait_timeout: "0s" })).body;
  const look = async () => stateOf((await client.get(`${API}/${first.statement_id}`)).body);
  expect([stateOf(first), await look(), await look(), await look()]).toEqual([
    "PENDING",
    "RUNNING",
    "SUCCEEDED",
    "SUCCEEDED",
  ]);
  const other = await clientOf(fake.url, "b").get(`${API}/${first.statement_id}`);
  expect([other.status, other.body.error_code]).toEqual([404, "RESOURCE_DOES_NOT_EXIST"]);
});

it("is cancelled on request, or when the wait is over", async () => {
  fake.control.addStatement({ match: ".", polls: 100 });
  const { body } = await run("select 1");
  expect(stateOf(body)).toBe("RUNNING");
  await client.post(`${API}/${body.statement_id}/cancel`, {});
  expect(stateOf((await client.get(`${API}/${body.statement_id}`)).body)).toBe("CANCELED");
  expect(stateOf((await run("select 2", { on_wait_timeout: "CANCEL" })).body)).toBe("CANCELED");
});

it("gives large results in chunks", async () => {
  const rows = Array.from({ length: 25 }, (_, index) => [index]);
  fake.onStatement(() => ({ columns: [{ name: "n", type: "INT" }], rows, chunkRows: 10 }));
  const { body } = await run("select n");
  const seen: unknown[] = [];
  for (let part = body.result as JsonObject; ; ) {
    seen.push(...(part.data_array as string[][]).map(([value]) => Number(value)));
    if (part.next_chunk_internal_link === undefined) break;
    part = (await client.get(String(part.next_chunk_internal_link))).body;
  }
  expect(seen).toEqual(rows.map(([value]) => value));
  expect(body.manifest).toMatchObject({ total_chunk_count: 3, chunks: [{}, {}, { row_offset: 20, row_count: 5 }] });
  expect((await client.get(`${API}/${body.statement_id}/result/chunks/3`)).status).toBe(404);
});

it("asks a function, with parameters and caller", async () => {
  fake.onStatement(async ({ statement, parameters, principal }) =>
    statement.startsWith("fail")
      ? { error: "no" }
      : { columns: [{ name: "p" }], rows: [[parameters.day ?? null, principal]] },
  );
  const { body } = await run("select :day", { parameters: [{ name: "day", value: "2026-01-01", type: "DATE" }] });
  expect((body.result as JsonObject).data_array).toEqual([["2026-01-01", "a@example.com"]]);
  expect(fake.control.statements()).toMatchObject([{ statement: "select :day", warehouseId: "w" }]);
});

it("refuses what it does not offer", async () => {
  for (const wrong of [
    { warehouse_id: "" },
    { wait_timeout: "60s" },
    { disposition: "EXTERNAL_LINKS" },
    { statement: " " },
  ]) {
    expect((await run("select 1", wrong)).status).toBe(400);
  }
});
