import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { allFields, type FieldShape, fieldAt, listKeyOf } from "./job-fields.ts";

const shared = new URL("../../../shared/facts/jobs-fields.json", import.meta.url);
const present = existsSync(shared);
if (!present) console.log("skipped: no shared/facts/jobs-fields.json beside the repository");

function typeName(shape: FieldShape): string {
  if (shape.kind === "list") return `array<${shape.items.kind === "object" ? "object" : typeName(shape.items)}>`;
  if (shape.kind === "map") return "map<string,string>";
  return shape.kind;
}

describe("fields of the Jobs API", () => {
  it.skipIf(!present)("has every published path with its type and values, and no others", () => {
    const rows = JSON.parse(readFileSync(shared, "utf8")) as { path: string; type: string; enum?: string[] }[];
    const wrong = rows.filter(({ path, type, enum: values }) => {
      const shape = fieldAt(path);
      if (!shape || typeName(shape) !== type) return true;
      return shape.kind === "enum" && JSON.stringify([...shape.values].sort()) !== JSON.stringify(values?.sort());
    });
    expect(wrong).toEqual([]);
    const published = new Set(rows.map((row) => row.path));
    const extra = [...allFields()].map((field) => field.path).filter((path) => !published.has(path));
    expect(extra.filter((path) => !path.startsWith("trigger.table"))).toEqual([]);
    expect(rows.length).toBe(1022);
  });

  it("finds shapes by pattern, index, key and map key", () => {
    expect(fieldAt("tasks[*].notebook_task.base_parameters.*")).toEqual({ kind: "string" });
    expect(fieldAt("tasks[3].notebook_task.base_parameters['a.b']")).toEqual({ kind: "string" });
    expect(fieldAt("tasks[task_key=load].max_retries")?.kind).toBe("int32");
    expect(fieldAt("tasks[*].for_each_task.task.new_cluster.autoscale.min_workers")?.kind).toBe("int32");
    expect(fieldAt("tasks.max_retries")).toBeUndefined();
    expect(fieldAt("tasks[*].for_each_task.task.for_each_task.task.name")).toBeUndefined();
    expect(fieldAt("toString")).toBeUndefined();
    expect(fieldAt("nothing")).toBeUndefined();
  });

  it.each([
    ["tasks", "task_key"],
    ["job_clusters", "job_cluster_key"],
    ["environments", "environment_key"],
    ["parameters", "name"],
    ["tasks[*].depends_on", "task_key"],
    ["webhook_notifications.on_failure", "id"],
    ["tasks[*].libraries", undefined],
    ["tasks[*].spark_python_task.parameters", undefined],
    ["schedule", undefined],
  ])("tells elements of %s by %s", (path, key) => {
    expect(listKeyOf(fieldAt(path))).toBe(key);
  });

  it("knows which lists have an order", () => {
    const order = (path: string) => {
      const shape = fieldAt(path);
      return shape?.kind === "list" ? shape.order : undefined;
    };
    expect(order("email_notifications.on_failure")).toBe("set");
    expect(order("trigger.table_update.table_names")).toBe("set");
    expect(order("tasks[*].libraries")).toBe("set");
    expect(order("tasks[*].dbt_task.commands")).toBe("ordered");
    expect(order("tasks[*].new_cluster.init_scripts")).toBe("ordered");
  });
});
