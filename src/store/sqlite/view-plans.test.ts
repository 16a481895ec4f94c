/** The views must not read every step there is when one date or one process is asked for. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../util/clock.ts";
import { openStore } from "../open.ts";
import { VIEW_NAMES } from "../runs.ts";
import { type Connection, openConnection } from "./connection.ts";

let folder = "";
let connection: Connection;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "headgate-plans-"));
  const file = path.join(folder, "state.db");
  await (await openStore({ kind: "sqlite", path: file })).close();
  connection = await openConnection(file, { clock: systemClock, durability: "normal", lockWaitMs: 5_000 });
});
afterAll(async () => {
  connection.close();
  await rm(folder, { recursive: true, force: true });
});

const VIEWS = ["ETLProcessingSteps", ...VIEW_NAMES.filter((name) => name !== "v_watermarks")];
const FILTERS = [
  `"ProcessingDate" = '2026-06-01'`,
  `"ProjectCode" = 'CORP' and "ProcessLoad" = 'HR' and "ProcessingDate" between '2026-06-01' and '2026-06-30'`,
];

describe.each(VIEWS)("%s", (view) => {
  it.each(FILTERS)("where %s", async (filter) => {
    const { rows } = await connection.run(`explain query plan select * from ${view} where ${filter}`, []);
    const steps = rows.map((row) => String(row.detail));
    // r is the table of runs, s that of steps: runs by the condition, then the steps of each.
    expect(steps.filter((step) => /^SEARCH r USING .*(processing_date|project_code)=\?/.test(step))).not.toEqual([]);
    expect(steps.filter((step) => /^SCAN (r|s)\b/.test(step))).toEqual([]);
  });
});
