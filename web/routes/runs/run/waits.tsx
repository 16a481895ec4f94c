/** What keeps a run from being whole, in words: first what stands still by itself, then what waits for it. */
import type { RunCause } from "../../../../src/model/view-runs.ts";
import { State } from "../../../components/state.tsx";
import { sentence } from "../../../words/plain.ts";
import type { Tone } from "../../../words/state.ts";

const KINDS: Record<RunCause["kind"], { tone: Tone; word: string }> = {
  failed: { tone: "fail", word: "Failed" },
  lost: { tone: "lost", word: "Lost" },
  running: { tone: "run", word: "Running" },
  waits: { tone: "wait", word: "Waits" },
  table: { tone: "warn", word: "Table" },
};

export function Waits({ causes, choose }: { causes: RunCause[]; choose: (task: string) => void }) {
  if (causes.length === 0) return null;
  return (
    <section className="waits">
      <h2>What it waits for</h2>
      <ol>
        {causes.map((cause) => (
          <li key={`${cause.kind}${cause.workflowId}/${cause.taskId}${cause.sentence}`}>
            <State tone={KINDS[cause.kind].tone}>{KINDS[cause.kind].word}</State>
            <p>{sentence(cause.sentence)}</p>
            <button
              type="button"
              className="lnk s"
              aria-label={`Show task ${cause.workflowId}/${cause.taskId}`}
              onClick={() => choose(`${cause.workflowId}/${cause.taskId}`)}
            >
              Show
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
