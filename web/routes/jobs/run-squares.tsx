/**
 * The last runs of a job as squares, newest last; places without a run are dots. One picture a row: eight masked
 * icons a row would cost a list of jobs ten times the painting.
 */
import "./run-squares.css";
import type { RunMark } from "../../../src/model/view.ts";
import { runWord, type Tone } from "../../words/state.ts";
import { absolute, span } from "../../words/time.ts";

const PLACES = 8;
const SIZE = 16;
const GAP = 2;

/** Icons in a box of 16, as styles/icons.css has them. */
const PATHS: Record<Tone, string> = {
  ok: "M3.2 8.6l3.2 3.2 6.4-7.2",
  fail: "M4 4l8 8M12 4l-8 8",
  run: "M8 2.6a5.4 5.4 0 0 1 5.4 5.4",
  wait: "M8 2.8a5.2 5.2 0 1 0 .01 0",
  warn: "M8 2.2L14.4 13.4H1.6zM8 6.6v3.2",
  lost: "M5.2 3.5A5.4 5.4 0 0 0 5.2 12.5M10.8 12.5A5.4 5.4 0 0 0 10.8 3.5M8 6.2v3.6",
  skip: "M4 8h8",
  none: "M7.4 8h1.2",
};

function tipOf(run: RunMark, zone: string): string {
  const lines = [`${runWord(run.state).word}${run.startedAt ? `, ${absolute(run.startedAt, zone)}` : ""}`];
  if (run.durationMs > 0) lines.push(`took ${span(run.durationMs)}`);
  if (run.message) lines.push(run.message);
  return lines.join("\n");
}

function Square({ tone, place, tip }: { tone: Tone; place: number; tip?: string }) {
  return (
    <g className={`square ${tone}`} transform={`translate(${place * (SIZE + GAP)} 0)`} data-tip={tip}>
      <rect width={SIZE} height={SIZE} rx={4} />
      {tone === "run" && <circle cx={8} cy={8} r={4.05} />}
      <path d={PATHS[tone]} />
    </g>
  );
}

export function RunSquares({ runs, zone }: { runs: RunMark[]; zone: string }) {
  const shown = runs.slice(-PLACES);
  const empty = PLACES - shown.length;
  const counts = new Map<string, number>();
  for (const { state } of shown) counts.set(runWord(state).word, (counts.get(runWord(state).word) ?? 0) + 1);
  const words = [...counts].map(([word, count]) => `${count} ${word.toLowerCase()}`).join(", ");
  const width = PLACES * (SIZE + GAP) - GAP;
  return (
    <svg
      className="squares"
      width={width}
      height={SIZE}
      viewBox={`0 0 ${width} ${SIZE}`}
      role="img"
      aria-label={words === "" ? "No runs" : `Last runs: ${words}`}
    >
      {Array.from({ length: empty }, (_, place) => place).map((place) => (
        <Square key={place} tone="none" place={place} />
      ))}
      {shown.map((run, index) => (
        <Square key={run.runId} tone={runWord(run.state).tone} place={empty + index} tip={tipOf(run, zone)} />
      ))}
    </svg>
  );
}
