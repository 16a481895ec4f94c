import { expect, it } from "vitest";
import { ControlTableSourceConfig } from "./config.ts";
import { mergeTracking, quotedTable, trackingName } from "./statements.ts";

it("names a table by three parts, in backticks", () => {
  expect(quotedTable("main.etl.control")).toBe("`main`.`etl`.`control`");
  expect(quotedTable("`ma-in`.etl.con``trol")).toBe("`ma-in`.`etl`.`con````trol`");
  expect(trackingName("main.etl.control")).toBe("main.etl.control_jobs");
});

it.each(["", "control", "etl.control", "a.b.c.d", "a..c"])("refuses '%s' as a table", (name) => {
  expect(() => quotedTable(name)).toThrow(`'${name}' names no table`);
});

it("has the original's table by default", () => {
  expect(ControlTableSourceConfig.parse({ kind: "control-table" }).table).toBe(
    "main.default.job_metadata_control_table",
  );
  expect(ControlTableSourceConfig.safeParse({ kind: "control-table", table: "" }).success).toBe(false);
  expect(ControlTableSourceConfig.safeParse({ kind: "control-table", table: 5 }).success).toBe(false);
});

it("writes only columns that a tracking table has", () => {
  const sql = mergeTracking("a.b.c_jobs", "module_name", new Set(["module_name", "job_id", "job_name"]));
  expect(sql).toContain("ON t.module_name = s.resource_id");
  expect(sql).not.toContain("updated_by");
});
