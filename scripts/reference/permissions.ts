/** docs/reference/permissions.md: what headgate may have to be granted in the workspace. */
import { PERMISSIONS } from "../../src/workspace/permissions.ts";

/** The page. */
export function permissionsPage(): string {
  return [
    "# Permissions",
    "",
    "Every call that headgate makes to a Databricks workspace, and the grant it needs. Planning only reads; a principal that plans needs no `CAN_MANAGE`.",
    "A refused call ends with exit code 77, and the message names the grant.",
    "",
    "| call | grant | for |",
    "|---|---|---|",
    ...PERMISSIONS.map(({ call, grant, purpose }) => `| \`${call}\` | ${grant} | ${purpose} |`),
    "",
  ].join("\n");
}
