/** Edits of a control table over HTTP: checked like `jobs validate`, written all or nothing, never over somebody else's. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ask, post } from "../../src/server/testing/start.ts";
import { startTableServer, TABLE, type TableWorld, tableRow } from "../page/control-table-server.ts";

interface Table {
  version: string;
  columns: string[];
  types: string[];
  keys: string[];
  editable: string[];
  rows: { label: string; cells: (string | null)[] }[];
}

let world: TableWorld;
beforeEach(async () => {
  world = await startTableServer(true);
});
afterEach(() => world.close());

const read = async () => (await ask(world.server, "/api/v1/tables/control")).json() as unknown as Table;
const cellsOf = (table: Table, label: string, change: Record<string, string | null> = {}) => {
  const row = table.rows.find((one) => one.label === label);
  return table.columns.map((name, at) => (name in change ? change[name] : row?.cells[at]) ?? null);
};
const send = async (verb: "check" | "rows", table: Table, edits: object[], version = table.version) => {
  const answer = await post(world.server, `/api/v1/tables/control/${verb}`, { version, edits });
  return { status: answer.status, ...answer.json() } as Record<string, never> & { status: number };
};
const edit = (table: Table, label: string, change: Record<string, string | null>) => ({
  label,
  cells: cellsOf(table, label, change),
});
/** The table as others would change it. */
const elsewhere = (column: string, value: string) => {
  const row = world.row("count");
  if (row) row[column] = value;
};

describe("what a check says", () => {
  it("names the columns that may be written, and those that name a row", async () => {
    const table = await read();
    expect([table.keys, table.types.at(7)]).toEqual([["resource_id", "task_key"], "BOOLEAN"]);
    expect(table.editable).toEqual(table.columns.slice(0, 8));
  });

  it("finds faults of cells by the checks of validate, and of rows that an edit breaks; nothing is written", async () => {
    const table = await read();
    const found = await send("check", table, [
      edit(table, "sales/load", { task_config: '{"file_path": ' }),
      edit(table, "stock/count", { task_config: '{"file_pth": "/nb/x"}', disabled: "perhaps" }),
    ]);
    expect(found.status).toBe(200);
    expect(found).toMatchObject({
      edits: [
        { label: "sales/load", problems: [{ code: "bad_json", column: "task_config" }] },
        { label: "stock/count", problems: expect.arrayContaining([expect.objectContaining({ column: "disabled" })]) },
      ],
    });
    expect(found.errors).toBeGreaterThanOrEqual(2);
    const renamed = await send("check", table, [edit(table, "sales/extract", { task_key: "pull" })]);
    expect(renamed).toMatchObject({
      edits: [{ label: "sales/pull", problems: [] }],
      others: [{ label: "sales/load" }],
    });
    expect(renamed.errors).toBeGreaterThan(0);
    expect(world.row("extract")).toBeDefined();
    const fine = await send("check", table, [edit(table, "sales/load", { depends_on: "[]" })]);
    expect(fine).toMatchObject({ edits: [{ problems: [] }], others: [], errors: 0 });
  });

  it("refuses edits of what is not there, not to be written, or of another shape", async () => {
    const table = await read();
    const gone = { label: "sales/gone", cells: cellsOf(table, "sales/load") };
    expect(await send("check", table, [gone])).toMatchObject({
      status: 422,
      detail: expect.stringContaining("no row sales/gone"),
    });
    const locked = edit(table, "sales/load", { updated_by: "eve" });
    expect(await send("check", table, [locked])).toMatchObject({
      status: 422,
      detail: expect.stringContaining("updated_by"),
    });
    expect(await send("check", table, [{ label: "sales/load", cells: ["a"] }])).toMatchObject({ status: 422 });
  });
});

describe("what is saved", () => {
  it("changes, adds and deletes rows in one statement, and notes who did it", async () => {
    const table = await read();
    const added = [...tableRow("stock", "report", '["count"]').map((cell) => (cell === null ? null : String(cell)))];
    const saved = await send("rows", table, [
      edit(table, "stock/count", { disabled: "true", job_name: `it's "quoted"\n` }),
      { label: "sales/load", cells: null },
      { label: null, cells: added },
    ]);
    expect(saved).toMatchObject({ status: 200, rows: 3 });
    expect(world.row("count")).toMatchObject({
      disabled: true,
      job_name: `it's "quoted"\n`,
      updated_by: "anna@example.com",
    });
    expect(world.row("load")).toBeUndefined();
    expect(world.row("report")).toMatchObject({ resource_id: "stock", depends_on: '["count"]', disabled: false });
    expect((await read()).version).toBe(saved.version);
    const merges = world.fake.control
      .requests({ path: "sql/statements" })
      .filter(({ body }) => JSON.stringify(body).includes("MERGE"));
    expect(merges).toHaveLength(1);
  });

  it("is nothing where the table is another than what the edit was made upon", async () => {
    const table = await read();
    elsewhere("job_name", "Theirs");
    const own = edit(table, "sales/load", { depends_on: "[]" });
    expect(await send("rows", table, [own])).toMatchObject({ status: 409, code: "table_moved" });
    expect(world.row("load")).toMatchObject({ depends_on: '["extract"]' });
    const anew = await read();
    expect(await send("rows", anew, [own])).toMatchObject({ status: 200 });
    expect(world.row("count")).toMatchObject({ job_name: "Theirs" });
  });

  it("is nothing where a row changes between the look and the statement", async () => {
    const table = await read();
    // Somebody is faster by the very last moment: the statement compares every cell, and fails as a whole.
    world.fake.onStatement(({ statement }) => {
      if (statement.startsWith("MERGE")) elsewhere("job_name", "Theirs");
      return undefined;
    });
    const answer = await send("rows", table, [
      edit(table, "sales/load", { depends_on: "[]" }),
      edit(table, "stock/count", { job_name: "Mine" }),
    ]);
    expect(answer).toMatchObject({ status: 409, code: "table_moved" });
    expect(world.row("count")).toMatchObject({ job_name: "Theirs" });
    expect(world.row("load")).toMatchObject({ depends_on: '["extract"]' });
  });

  it("is nothing where one edit is faulty, a row is new but there, or the server does not write", async () => {
    const table = await read();
    const faulty = await send("rows", table, [
      edit(table, "stock/count", { job_name: "Mine" }),
      edit(table, "sales/load", { task_config: "{" }),
    ]);
    expect(faulty).toMatchObject({ status: 422, code: "declaration_invalid" });
    const twin = await send("rows", table, [{ label: null, cells: cellsOf(table, "sales/load") }]);
    expect(twin).toMatchObject({ status: 422, code: "declaration_invalid" });
    expect(world.row("count")).toMatchObject({ job_name: "Sales" });
    const bare = await ask(world.server, "/api/v1/tables/control/rows", {
      method: "POST",
      body: "{}",
      headers: { "content-type": "application/json" },
    });
    expect(bare.status).toBe(401);
    const other = await startTableServer(false);
    try {
      const answer = await post(other.server, "/api/v1/tables/control/rows", {
        version: table.version,
        edits: [edit(table, "stock/count", { job_name: "Mine" })],
      });
      expect([answer.status, answer.json().code]).toEqual([403, "apply_off"]);
    } finally {
      await other.close();
    }
  });
});

it(`names ${TABLE} in what it says`, async () => {
  const table = await read();
  const twice = edit(table, "sales/load", { depends_on: "[]" });
  const answer = await send("check", table, [twice, twice]);
  expect(answer).toMatchObject({ status: 422, detail: "row sales/load is given twice" });
});
