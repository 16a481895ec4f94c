import { describe, expect, it } from "vitest";
import { accessChanges, declaredAccess, directAccess, isBesideSettings, listToSet } from "./access-list.ts";

const list = (rows: Record<string, string>) => new Map(Object.entries(rows));
const ANNA = "user_name:anna@example.com";
const BEN = "user_name:ben@example.com";
const OPS = "group_name:ops";

describe("declared and found permissions", () => {
  it("are told apart by kind and name of the principal", () => {
    const rows = [
      { user_name: "x", permission_level: "CAN_VIEW" },
      { group_name: "x", permission_level: "CAN_MANAGE" },
      { service_principal_name: "x", permission_level: "CAN_MANAGE_RUN" },
      { nobody: "x", permission_level: "CAN_VIEW" },
    ];
    expect([...declaredAccess(rows)]).toEqual([
      ["user_name:x", "CAN_VIEW"],
      ["group_name:x", "CAN_MANAGE"],
      ["service_principal_name:x", "CAN_MANAGE_RUN"],
    ]);
  });

  it("count only where they are the job's own", () => {
    const inherited = { permission_level: "CAN_MANAGE", inherited: true };
    const own = { permission_level: "CAN_VIEW", inherited: false };
    const found = directAccess([
      { group_name: "admins", all_permissions: [inherited] },
      { group_name: "ops", all_permissions: [inherited, own] },
      { user_name: "anna@example.com", all_permissions: [{ permission_level: "IS_OWNER" }] },
    ]);
    expect(found).toEqual(list({ [OPS]: "CAN_VIEW", [ANNA]: "IS_OWNER" }));
  });
});

it("compares the declaration with what was last set", () => {
  const wanted = list({ [BEN]: "CAN_VIEW", [OPS]: "CAN_MANAGE" });
  expect(accessChanges(wanted, { [BEN]: "CAN_MANAGE", [ANNA]: "CAN_VIEW", [OPS]: "CAN_MANAGE" })).toEqual([
    {
      path: "permissions[user_name=ben@example.com].permission_level",
      kind: "declared",
      before: "CAN_MANAGE",
      after: "CAN_VIEW",
    },
    { path: "permissions[user_name=anna@example.com].permission_level", kind: "declared", before: "CAN_VIEW" },
  ]);
});

describe("listToSet", () => {
  it("is nothing where the job has it already", () => {
    expect(listToSet(list({ [BEN]: "CAN_VIEW" }), list({ [ANNA]: "IS_OWNER", [BEN]: "CAN_VIEW" }), [])).toBeUndefined();
    expect(listToSet(list({}), list({ [ANNA]: "IS_OWNER" }), [])).toBeUndefined();
  });

  it("keeps the owner unless another is declared", () => {
    expect(listToSet(list({ [BEN]: "CAN_VIEW" }), list({ [ANNA]: "IS_OWNER", [OPS]: "CAN_VIEW" }), [])).toEqual([
      { user_name: "ben@example.com", permission_level: "CAN_VIEW" },
      { user_name: "anna@example.com", permission_level: "IS_OWNER" },
    ]);
    expect(listToSet(list({ [BEN]: "IS_OWNER" }), list({ [ANNA]: "IS_OWNER" }), [])).toEqual([
      { user_name: "ben@example.com", permission_level: "IS_OWNER" },
    ]);
  });

  it("keeps our own right, unless it is declared otherwise", () => {
    const found = list({ [ANNA]: "IS_OWNER", [BEN]: "CAN_MANAGE" });
    expect(listToSet(list({}), found, [BEN])).toBeUndefined();
    expect(listToSet(list({ [BEN]: "CAN_VIEW" }), found, [BEN])).toHaveLength(2);
    expect(listToSet(list({}), found, [])).toEqual([{ user_name: "anna@example.com", permission_level: "IS_OWNER" }]);
  });
});

it("knows which fields of a change are none of the settings", () => {
  const paths = ["lifecycle.prevent_destroy", "permissions[user_name=a].permission_level", "name", "permissions_x"];
  expect(paths.map(isBesideSettings)).toEqual([true, true, false, false]);
});
