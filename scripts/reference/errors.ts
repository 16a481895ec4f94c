/** docs/reference/errors.md: every error code with its exit code and what it means. */
import { ERROR_CODES, type ErrorCode } from "../../src/errors.ts";

/** What each code means; a code without a line does not compile. */
const MEANINGS: Record<ErrorCode, string> = {
  internal: "a fault of headgate itself; please report it with `--verbose`",
  partly_failed: "some changes were made, others failed for good",
  plan_stale: "the workspace or the state moved since the plan was made: plan again",
  guard_delete: "the plan deletes more jobs than `--allow-delete` lets it",
  lock_held: "another apply holds the lock of this target; the message names who and since when",
  lock_lost: "our lock was taken over while we worked; what was done is recorded, the rest was not sent",
  owner_conflict: "a job belongs to another project, target or tool, or two jobs carry the same marker",
  behind: "the last apply came from a commit that is not an ancestor of this one: pull first",
  first_deploy: "there is no state yet; say `--first-deploy` if that is right",
  branch_not_allowed: "the target may be applied from other branches only (`allowedBranches`)",
  confirm_needed: "the target wants a yes, and nobody could be asked: add `--yes`",
  managed_elsewhere: "the plan explains what another tool deploys (`jobs plan --managed-by`); it is never applied",
  already_running: "the attempt runs already, by somebody else; `data.holder` says who",
  already_done: "the attempt is done; a reset with replay gives a new one, an amendment another end",
  already_failed: "the attempt has failed; a reset gives a new one, an amendment another end",
  skipped: "the task is skipped in this run; unskip it first",
  not_running: "progress is told of running attempts only: start it first",
  not_ended: "only an attempt that has ended can be amended",
  run_closed: "the run was closed and takes nothing more; generate a new one",
  not_forward: "the value lies before the watermark; set it instead of advancing it if that is right",
  table_moved: "the control table was changed since it was read: read it again, look at your change, save again",
  usage: "the command line is wrong",
  config_invalid: "headgate.yaml is wrong; every problem is listed with its place",
  declaration_invalid: "declarations are wrong; every problem is listed with its place",
  input_invalid: "an input file or value is wrong",
  not_found: "no such resource, job or file; the nearest name is given",
  unknown_process: "no such process is declared; the nearest is named",
  unknown_task: "the process has no such task",
  unknown_parameter: "the process has no such parameter",
  nothing_to_run: "no task of the process is active and due on that day",
  store_newer: "the store was written by a newer headgate",
  store_needs_migration: "the store is older than this headgate: run `headgate store migrate`",
  store_network_file_system: "an embedded store on a network file system would lose writes",
  unavailable: "a remote service did not answer, after retries",
  remote_error: "a remote service refused the request",
  retry: "a part is done; what remains can be repeated: run again",
  unauthorized: "credentials are missing, wrong or expired",
  forbidden: "the principal lacks a grant; the message names it ([permissions](permissions.md))",
  interrupted: "stopped by the user",
};

/** The page. */
export function errorsPage(): string {
  const rows = (Object.entries(ERROR_CODES) as [ErrorCode, number][])
    .map(([code, exit]) => ({ code, exit }))
    .sort((a, b) => a.exit - b.exit || a.code.localeCompare(b.code))
    .map(({ code, exit }) => `| ${exit} | \`${code}\` | ${MEANINGS[code]} |`);
  return [
    "# Errors",
    "",
    "Every failure has a stable code. The command line prints a message and a hint and ends with the exit code; `--json` and HTTP answers carry the code.",
    "Exit code 0 means done, 2 means that there are differences (only with `--exit-code`).",
    "",
    "| exit | code | meaning |",
    "|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
