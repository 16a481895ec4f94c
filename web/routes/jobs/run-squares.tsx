/** The last runs of a job as squares, newest last; places without a run are dots. */
import type { RunMark } from "../../../src/model/view.ts";
import { runWord } from "../../words/state.ts";
import { absolute, span } from "../../words/time.ts";

const PLACES = 8;

function tipOf(run: RunMark, zone: string): string {
  const lines = [`${runWord(run.state).word}${run.startedAt ? `, ${absolute(run.startedAt, zone)}` : ""}`];
  if (run.durationMs > 0) lines.push(`took ${span(run.durationMs)}`);
  if (run.message) lines.push(run.message);
  return lines.join("\n");
}

export function RunSquares({ runs, zone }: { runs: RunMark[]; zone: string }) {
  const shown = runs.slice(-PLACES);
  const counts = new Map<string, number>();
  for (const { state } of shown) counts.set(runWord(state).word, (counts.get(runWord(state).word) ?? 0) + 1);
  const words = [...counts].map(([word, count]) => `${count} ${word.toLowerCase()}`).join(", ");
  return (
    <span className="sq" role="img" aria-label={words === "" ? "No runs" : `Last runs: ${words}`}>
      {Array.from({ length: PLACES - shown.length }, (_, place) => `none-${place}`).map((place) => (
        <i key={place} className="c none" />
      ))}
      {shown.map((run) => (
        <i key={run.runId} className={`c ${runWord(run.state).tone}`} data-tip={tipOf(run, zone)} />
      ))}
    </span>
  );
}
