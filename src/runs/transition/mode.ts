/** MODE: a process is run for what is new, for a past date, or for everything. */
import type { ProcessMode } from "../../model/process.ts";
import type { Command } from "../../model/step.ts";
import type { Decision, Situation } from "../../store/runs.ts";
import { kept, type Move, told } from "./advance.ts";
import { json, refuse } from "./answers.ts";
import { type ModePayload, payloadOf } from "./payload.ts";

/** Decides a MODE, for this process and no other. */
export function mode({ now, parameters, mode: before }: Situation, command: Command): Decision {
  const payload = payloadOf<ModePayload>(command);
  const date = payload.mode === "historic" ? payload.historicDate : undefined;
  if (payload.mode === "historic" && date === undefined) {
    return refuse("input_invalid", { message: "Historic mode needs a date", hint: "Give historicDate." });
  }
  const moves: Move[] = [];
  const move = (name: string, value: string | null) => {
    const parameter = parameters.find((one) => one.name === name);
    if (!parameter || parameter.value === value) return;
    moves.push({ name, value, before: parameter.value, cause: "mode", reason: payload.reason ?? payload.mode });
  };
  move("SYSDT", date === undefined ? null : `${date}T00:00:00.000Z`);
  let saved = before?.saved ?? null;
  if (payload.mode === "bulk") {
    const cleared = payload.names.map(
      (name) => [name, parameters.find((one) => one.name === name)?.value ?? null] as const,
    );
    // Twice in bulk: what was saved the first time is what there is to go back to.
    const now = Object.fromEntries(cleared.filter(([, value]) => value !== null));
    saved = before?.mode === "bulk" ? { ...now, ...before.saved } : now;
    for (const [name] of cleared) move(name, null);
  } else if (payload.restore && saved) {
    for (const [name, value] of Object.entries(saved)) {
      // What a run has moved since is newer than what was saved.
      if (parameters.find((one) => one.name === name)?.value === null) move(name, value);
    }
    saved = null;
  }
  const next: ProcessMode = {
    mode: payload.mode,
    historicDate: date ?? null,
    since: now,
    until: payload.until ?? null,
    actor: command.actor,
    saved,
  };
  const same =
    moves.length === 0 &&
    before !== null &&
    before.mode === next.mode &&
    before.historicDate === next.historicDate &&
    before.until === next.until &&
    JSON.stringify(before.saved) === JSON.stringify(saved);
  const answer = json({
    projectCode: command.projectCode,
    processLoad: command.processLoad,
    mode: next.mode,
    historicDate: next.historicDate,
    since: same ? before.since : next.since,
    until: next.until,
    actor: same ? before.actor : next.actor,
    watermarks: told(moves),
  });
  if (same) return { verdict: "replayed", answer };
  return { verdict: "accepted", answer, watermarks: kept(moves), mode: next };
}
