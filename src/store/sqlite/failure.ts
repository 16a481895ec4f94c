/** What an error of SQLite means for a person. */
import { HeadgateError } from "../../errors.ts";

/** Primary result codes (https://sqlite.org/rescode.html). */
const READ_ONLY = 8;
const IO = 10;
const CORRUPT = 11;
const FULL = 13;
const CANNOT_OPEN = 14;
const NOT_A_DATABASE = 26;

/** SQLite's own number of an error, or undefined for another error. */
export function sqliteCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === "number" ? code & 0xff : undefined;
}

/** The error to show for what the driver threw, or undefined where it is a fault of ours. */
export function fileFailure(error: unknown, file: string): HeadgateError | undefined {
  const fail = (code: "unavailable" | "forbidden" | "config_invalid", message: string, hint: string) =>
    new HeadgateError(code, message, { hint, cause: error, permanent: code !== "unavailable" });
  switch (sqliteCode(error)) {
    case FULL:
      return fail(
        "unavailable",
        `There is no room left for the store ${file}`,
        "Free some disk space; nothing was lost.",
      );
    case READ_ONLY:
      return fail(
        "forbidden",
        `The store ${file} cannot be written`,
        "Give yourself write access to it and its folder.",
      );
    case CANNOT_OPEN:
      return fail(
        "forbidden",
        `The store ${file} cannot be opened`,
        "Check that its folder exists and may be entered.",
      );
    case IO:
      return fail("unavailable", `The disk under the store ${file} fails`, "See the system's log.");
    case CORRUPT:
    case NOT_A_DATABASE:
      return fail(
        "config_invalid",
        `${file} is no headgate store, or is damaged`,
        "Name another file, or bring a backup back (FILE.before-VERSION lies beside it after an upgrade).",
      );
    default:
      return undefined;
  }
}
