import { describe, expect, it } from "vitest";
import type { Change, FieldChange, Plan } from "../model/plan.ts";
import { reduceToDrift } from "./drift.ts";
import { NO_IMPACT } from "./impact.ts";
import { summaryOf } from "./summary.ts";

const field = (path: string, kind: FieldChange["kind"]): FieldChange => ({ path, kind });
const row = (resource: string, action: Change["action"], more: Partial<Change> = {}): Change => ({
  resource,
  action,
  jobId: "1",
  name: resource,
  reason: "",
  fields: [],
  impact: NO_IMPACT,
  ...more,
});
const reduced = (...changes: Change[]) =>
  reduceToDrift({ changes, summary: summaryOf(changes) } as Plan).changes.map(({ resource, fields }) => [
    resource,
    ...fields.map(({ path }) => path),
  ]);

describe("reduceToDrift", () => {
  it("keeps fields that somebody else moved, and drops those that only we did", () => {
    const mixed = row("a", "update", { fields: [field("x", "declared"), field("y", "drift"), field("z", "conflict")] });
    expect(reduced(mixed, row("b", "update", { fields: [field("x", "declared")] }), row("c", "noop"))).toEqual([
      ["a", "y", "z"],
    ]);
  });

  it("keeps jobs that are gone, copied, or may no longer be read", () => {
    expect(
      reduced(
        row("gone", "recreate"),
        row("copied", "conflict"),
        row("hidden", "refused", { code: "forbidden" }),
        row("deleted", "delete", { code: "gone" }),
      ).flat(),
    ).toEqual(["gone", "copied", "hidden", "deleted"]);
  });

  it("drops what only the declarations say", () => {
    const ours = [
      row("new", "create"),
      row("old", "delete", { held: true }),
      row("bad", "refused", { code: "invalid" }),
    ];
    expect(reduced(...ours, row("kept", "refused", { code: "protected" }), row("found", "recover"))).toEqual([]);
  });

  it("counts what is left", () => {
    const changes = [row("a", "update", { fields: [field("x", "drift")] }), row("b", "create")];
    const { summary } = reduceToDrift({ changes, summary: summaryOf(changes) } as Plan);
    expect(summary).toMatchObject({ update: 1, create: 0, drift: 1 });
  });
});
