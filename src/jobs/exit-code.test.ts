import { describe, expect, it } from "vitest";
import { applyExitCode, type Ending } from "./exit-code.ts";

const again = (code: string) => ({ code, permanent: false });
const never = (code: string) => ({ code, permanent: true });
const end = (more: Partial<Ending>): number =>
  applyExitCode({ done: 3, refused: [], failures: [], interrupted: false, ...more });

describe("applyExitCode", () => {
  it.each([
    ["all done", end({}), 0],
    ["nothing to do", end({ done: 0 }), 0],
    ["interrupted, whatever else", end({ interrupted: true, failures: [never("forbidden")] }), 130],
    ["something not allowed, among others", end({ failures: [again("unavailable"), never("forbidden")] }), 77],
    ["a job that may not be read", end({ refused: ["forbidden"] }), 77],
    ["the token refused", end({ done: 0, failures: [never("unauthorized")] }), 77],
    [
      "nothing but refusals, nothing done",
      end({ done: 0, refused: ["owner_conflict"], failures: [again("plan_stale")] }),
      3,
    ],
    ["the lock lost before anything was done", end({ done: 0, failures: [again("lock_lost")] }), 3],
    ["an announced creation, nothing else", end({ done: 0, refused: ["announced"] }), 3],
    ["a field conflict beside what was done", end({ refused: ["field_conflict"] }), 1],
    ["a moved job beside what was done", end({ failures: [again("plan_stale")] }), 75],
    ["nothing but invalid declarations", end({ done: 0, refused: ["invalid"] }), 65],
    ["invalid declarations beside what was done", end({ refused: ["invalid"] }), 1],
    ["the service away", end({ failures: [again("unavailable"), again("retry")] }), 75],
    ["the service away for all", end({ done: 0, failures: [again("unavailable")] }), 75],
    ["one that cannot succeed", end({ failures: [again("unavailable"), never("remote_error")] }), 1],
    ["one of which nobody knows", end({ failures: [{ code: "remote_error" }] }), 1],
    [
      "a refusal beside what can be repeated",
      end({ refused: ["owner_conflict"], failures: [again("unavailable")] }),
      1,
    ],
  ])("%s", (_case, code, expected) => expect(code).toBe(expected));
});
