import { expect, test } from "vitest";
import type { Change, Plan } from "../../model/plan.ts";
import { applyGate, type GateInput, sendable } from "./apply-gate.ts";

function change(action: Change["action"], held?: boolean): Change {
  const impact = { liveRuns: 0, nextStart: null, calledBy: [], downstream: [] };
  return { resource: action, action, jobId: null, name: action, reason: "", fields: [], impact, held };
}

function plan(changes: Change[], more: Partial<Plan> = {}): Plan {
  const none = { create: 0, update: 0, recreate: 0, recover: 0, delete: 0, noop: 0, conflict: 0, refused: 0, drift: 0 };
  return {
    formatVersion: 1,
    project: "retail",
    workspace: "prod",
    target: "prod",
    workspaceId: "2",
    headgate: "0.1.0",
    madeAt: "2026-11-20T09:00:00.000Z",
    declaredDigest: "d",
    state: { lineage: "l", serial: 1 },
    git: null,
    behind: null,
    changes,
    problems: [],
    unmanaged: 0,
    summary: none,
    ...more,
  };
}

const UPDATE = plan([change("update")]);
const FIRST = plan([change("create")], { state: null });
const base: GateInput = {
  plan: UPDATE,
  yes: false,
  firstDeploy: false,
  allowBehind: false,
  confirm: false,
  canAsk: false,
};

test("on a terminal every plan that sends something is asked about, --yes answers", () => {
  expect(applyGate({ ...base, canAsk: true })).toEqual(["apply"]);
  expect(applyGate({ ...base, canAsk: true, yes: true })).toEqual([]);
});

test("without a terminal it goes on, unless the target asks for a confirmation", () => {
  expect(applyGate(base)).toEqual([]);
  expect(() => applyGate({ ...base, confirm: true })).toThrow(
    expect.objectContaining({ code: "confirm_needed", exitCode: 3 }),
  );
  expect(applyGate({ ...base, confirm: true, yes: true })).toEqual([]);
});

test("without a state creating is asked about by itself, --yes is no answer to that", () => {
  expect(applyGate({ ...base, plan: FIRST, canAsk: true })).toEqual(["first_deploy", "apply"]);
  expect(applyGate({ ...base, plan: FIRST, canAsk: true, yes: true })).toEqual(["first_deploy"]);
  expect(applyGate({ ...base, plan: FIRST, canAsk: true, yes: true, firstDeploy: true })).toEqual([]);
  expect(() => applyGate({ ...base, plan: FIRST, yes: true })).toThrow(
    expect.objectContaining({ code: "first_deploy", exitCode: 3 }),
  );
  expect(applyGate({ ...base, plan: FIRST, firstDeploy: true })).toEqual([]);
});

test("without a state a plan that creates nothing needs no such answer", () => {
  expect(applyGate({ ...base, plan: plan([change("recover")], { state: null }) })).toEqual([]);
});

test("nothing to send, nothing to ask: unchanged, held, conflicting and refused rows are no work", () => {
  const idle = plan([change("noop"), change("delete", true), change("conflict"), change("refused")]);
  expect(sendable(idle)).toBe(0);
  expect(applyGate({ ...base, plan: idle, canAsk: true, confirm: true })).toEqual([]);
});

test("a plan that is behind is not asked about, applying refuses it", () => {
  const behind = { appliedCommit: "c", appliedBy: "anna", appliedAt: "2026-11-20T09:00:00.000Z" };
  const input = { ...base, plan: plan([change("update")], { behind }), canAsk: true };
  expect(applyGate(input)).toEqual([]);
  expect(applyGate({ ...input, allowBehind: true })).toEqual(["apply"]);
});
