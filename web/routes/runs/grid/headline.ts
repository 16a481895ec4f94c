/** The answer to "is everything right?" in one sentence, for somebody who has just woken up. Pure. */
import type { HealthState } from "../../../../src/model/process-health.ts";
import type { Tone } from "../../../words/state.ts";

/** How many processes stand how. */
export type Verdicts = Partial<Record<HealthState, number>>;

const of = (verdicts: Verdicts, ...states: HealthState[]): number =>
  states.reduce((sum, state) => sum + (verdicts[state] ?? 0), 0);

const are = (count: number): string => (count === 1 ? "is" : "are");
const processes = (count: number): string => (count === 1 ? "process" : "processes");

/** `2 of 12 processes need someone`, and what of the others. */
export function headline(verdicts: Verdicts): { tone: Tone; title: string; rest: string } {
  const all = of(verdicts, "ok", "at_risk", "late", "blocked", "stuck", "failed", "unknown");
  const need = of(verdicts, "failed", "blocked", "stuck");
  const late = of(verdicts, "late");
  const risk = of(verdicts, "at_risk");
  const unknown = of(verdicts, "unknown");
  const right = of(verdicts, "ok");
  const rest: string[] = [];
  const say = (count: number, words: string) => {
    if (count > 0) rest.push(`${count} ${words}`);
  };
  if (need > 0) {
    say(late, `${are(late)} late`);
    say(risk, `${are(risk)} at risk`);
    say(right, `${are(right)} right`);
    say(unknown, `${unknown === 1 ? "has" : "have"} no run yet`);
    return {
      tone: of(verdicts, "failed", "blocked") > 0 ? "fail" : "lost",
      title: `${need} of ${all} ${processes(all)} ${need === 1 ? "needs" : "need"} someone`,
      rest: sentence(rest),
    };
  }
  if (late + risk > 0) {
    if (late > 0) say(risk, `${are(risk)} at risk`);
    say(right, `${are(right)} right`);
    say(unknown, `${unknown === 1 ? "has" : "have"} no run yet`);
    const count = late > 0 ? late : risk;
    return {
      tone: "warn",
      title: `${count} of ${all} ${processes(all)} ${are(count)} ${late > 0 ? "late" : "at risk"}`,
      rest: sentence(rest),
    };
  }
  if (unknown > 0 && right === 0)
    return {
      tone: "wait",
      title: `${all === 1 ? "The process has" : `All ${all} processes have`} no run yet`,
      rest: "",
    };
  say(unknown, `${unknown === 1 ? "has" : "have"} no run yet`);
  return {
    tone: "ok",
    title:
      unknown > 0
        ? `${right} of ${all} ${processes(all)} ${are(right)} right`
        : all === 1
          ? "The process is right"
          : `All ${all} processes are right`,
    rest: sentence(rest),
  };
}

function sentence(parts: string[]): string {
  if (parts.length === 0) return "";
  const last = parts.length > 1 ? ` and ${parts.at(-1)}` : "";
  return `${(parts.length > 1 ? parts.slice(0, -1) : parts).join(", ")}${last}.`;
}
