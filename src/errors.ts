/** The one error class of headgate and the closed list of its codes with their exit codes. */

/** Every code an error may carry, with the process exit code it leads to (surface: "Exit codes"). */
export const ERROR_CODES = {
  // 1: failed
  internal: 1,
  partly_failed: 1,
  // 3: refused by a safety rule, nothing sent
  plan_stale: 3,
  guard_delete: 3,
  lock_held: 3,
  lock_lost: 3,
  owner_conflict: 3,
  behind: 3,
  first_deploy: 3,
  branch_not_allowed: 3,
  confirm_needed: 3,
  managed_elsewhere: 3,
  // 3: the state of a run does not allow it
  already_running: 3,
  already_done: 3,
  already_failed: 3,
  skipped: 3,
  not_running: 3,
  not_ended: 3,
  run_closed: 3,
  not_forward: 3,
  // 3: somebody else was faster
  table_moved: 3,
  // 64: wrong usage
  usage: 64,
  // 65: invalid config, declaration or input
  config_invalid: 65,
  declaration_invalid: 65,
  input_invalid: 65,
  not_found: 65,
  unknown_process: 65,
  unknown_task: 65,
  unknown_parameter: 65,
  nothing_to_run: 65,
  store_newer: 65,
  store_needs_migration: 65,
  store_network_file_system: 65,
  // 69: a remote service is unavailable after retries
  unavailable: 69,
  remote_error: 1,
  // 75: partly done, what remains is retryable
  retry: 75,
  // 77: not authorised
  unauthorized: 77,
  forbidden: 77,
  // 130
  interrupted: 130,
} as const;

/** Code of a {@link HeadgateError}. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** What {@link HeadgateError} takes beside code and message. */
export interface ErrorDetails {
  /** One line: what the user can do about it. */
  hint?: string | undefined;
  cause?: unknown;
  /** True when repeating cannot help, false when it can; absent when unknown. */
  permanent?: boolean | undefined;
  /** Machine-readable facts for `--json` and problem documents; never a secret. */
  data?: Record<string, unknown> | undefined;
}

/** An error a user can act on: a stable code, a one-line message, a hint. Anything else that is thrown is a bug. */
export class HeadgateError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly permanent: boolean | undefined;
  readonly data: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "HeadgateError";
    this.code = code;
    this.hint = details.hint;
    this.permanent = details.permanent;
    this.data = details.data;
  }

  /** Process exit code of this error. */
  get exitCode(): number {
    return ERROR_CODES[this.code];
  }
}

/** The exit code any thrown value leads to: that of a {@link HeadgateError}, else 1. */
export function exitCodeOf(error: unknown): number {
  return error instanceof HeadgateError ? error.exitCode : 1;
}
