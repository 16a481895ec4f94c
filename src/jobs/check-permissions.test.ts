import { expect, it } from "vitest";
import { checkPermissions } from "./check-permissions.ts";

const said = (rows: Parameters<typeof checkPermissions>[0]) => {
  const found: string[] = [];
  checkPermissions(rows, (_path, code, message, hint) => found.push(`${code}: ${message}${hint ? ` — ${hint}` : ""}`));
  return found;
};

it("lets sound permissions pass", () => {
  expect(said(undefined)).toEqual([]);
  expect(
    said([
      { user_name: "anna@x", permission_level: "IS_OWNER" },
      { group_name: "ops", permission_level: "CAN_MANAGE_RUN" },
      { service_principal_name: "1-2", permission_level: "${var.level}" },
    ]),
  ).toEqual([]);
});

it("names what the permissions call would refuse", () => {
  expect(
    said([
      { group_name: "ops", permission_level: "CAN_MANGE" },
      { permission_level: "CAN_VIEW" },
      { user_name: "anna@x", group_name: "ops", permission_level: "CAN_VIEW" },
      { user_name: "bert@x" },
    ]),
  ).toEqual([
    "bad_value: the permission of ops is 'CAN_MANGE', which is none of CAN_VIEW, CAN_MANAGE_RUN, CAN_MANAGE, IS_OWNER — did you mean CAN_MANAGE?",
    "missing_field: a permission names nobody: one of user_name, group_name, service_principal_name is needed",
    "exclusive: user_name and group_name exclude each other — write one row each",
    "missing_field: the permission of bert@x has no level",
  ]);
});

it("knows that a job has one owner, who is no group", () => {
  const owner = (who: object) => ({ ...who, permission_level: "IS_OWNER" });
  expect(said([owner({ user_name: "anna@x" }), owner({ group_name: "ops" })])).toEqual([
    "bad_value: a group cannot own a job: ops",
    "exclusive: a job has one owner, found anna@x and ops",
  ]);
});
