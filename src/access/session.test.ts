import { expect, test } from "vitest";
import { createSessions } from "./session.ts";

function setting() {
  const clock = { at: 0, now: () => clock.at, sleep: async () => undefined };
  return { clock, sessions: createSessions(clock) };
}
const anna = { actor: "anna", scopes: ["write"] as const };

test("a login code works once", () => {
  const { sessions } = setting();
  const code = sessions.newCode(anna);
  const id = sessions.redeem(code) ?? "";
  expect(sessions.find(id)?.principal).toMatchObject({ actor: "anna", via: "session", scopes: ["write"] });
  expect(sessions.redeem(code)).toBeUndefined();
  expect(sessions.redeem("guess")).toBeUndefined();
});

test("a login code ends after ten minutes, a session after twelve hours", () => {
  const { sessions, clock } = setting();
  const late = sessions.newCode(anna);
  const used = sessions.redeem(sessions.newCode(anna)) ?? "";
  clock.at = 10 * 60_000;
  expect(sessions.redeem(late)).toBeUndefined();
  clock.at = 12 * 3_600_000 - 1;
  expect(sessions.find(used)).toBeDefined();
  clock.at += 1;
  expect(sessions.find(used)).toBeUndefined();
});

test("signing out ends the session; many sessions push the oldest out", () => {
  const { sessions } = setting();
  const first = sessions.start(anna);
  const second = sessions.start(anna);
  sessions.end(first);
  expect(sessions.find(first)).toBeUndefined();
  for (let n = 0; n < 1_000; n++) sessions.start(anna);
  expect(sessions.find(second)).toBeUndefined();
});
