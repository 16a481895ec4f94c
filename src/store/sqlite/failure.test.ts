/** Errors of SQLite in words. */
import { expect, it } from "vitest";
import { fileFailure, sqliteCode } from "./failure.ts";

const failed = (errcode: number) => Object.assign(new Error("x"), { errcode });

it.each([
  [8, "forbidden"],
  [14, "forbidden"],
  [13, "unavailable"],
  // SQLITE_IOERR_WRITE: the low byte counts.
  [778, "unavailable"],
  [11, "config_invalid"],
  [26, "config_invalid"],
])("result %d is %s", (code, ours) => {
  const error = fileFailure(failed(code), "state.db");
  expect(error).toMatchObject({ code: ours, message: expect.stringContaining("state.db") });
  expect(error?.hint).toBeTruthy();
});

it("leaves other errors alone", () => {
  expect(fileFailure(failed(2067), "state.db")).toBeUndefined();
  expect(fileFailure(new Error("x"), "state.db")).toBeUndefined();
  expect(sqliteCode(null)).toBeUndefined();
});
