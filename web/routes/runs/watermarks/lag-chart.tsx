/** How far behind a watermark was whenever it was moved, and how far it is now: one bar a change. */
import type { WatermarkView } from "../../../../src/model/view-runs.ts";
import { near, span } from "../../../words/time.ts";

const SHOWN = 40;
const WIDTH = 640;
const HEIGHT = 112;
const LEFT = 64;
const TOP = 8;
const BOTTOM = 20;

const MINUTE = 60_000;
/** Distances of lines, minutes. */
const STEPS = [1, 5, 15, 30, 60, 120, 240, 480, 720, 1_440, 2_880, 5_760, 10_080, 20_160, 43_200, 129_600, 525_600];

interface Bar {
  key: number;
  lag: number;
  kind: "auto" | "hand" | "now";
  /** When it was moved. */
  when: string;
  words: string;
}

const CAUSES: Record<WatermarkView["history"][number]["cause"], string> = {
  auto: "moved by a run",
  manual: "set by hand",
  mode: "changed with the mode",
  reset: "reset",
  rollback: "rolled back",
  import: "imported",
};

/** The bars, oldest first; empty where the watermark is no time. @param now milliseconds */
export function barsOf(mark: WatermarkView, now: Date, zone: string): Bar[] {
  if (mark.type !== "DELTA_DATE") return [];
  const bars = mark.history.slice(0, SHOWN).flatMap((change): Bar[] => {
    if (change.before === null) return [];
    const lag = Date.parse(change.at) - Date.parse(change.before);
    const kind = change.cause === "auto" ? "auto" : "hand";
    const when = near(change.at, now, zone);
    return [{ key: change.seq, lag, kind, when, words: `${when}: ${span(lag)} behind, ${CAUSES[change.cause]}` }];
  });
  bars.reverse();
  if (mark.value !== null) {
    const lag = Math.max(0, now.getTime() - Date.parse(mark.value));
    bars.push({ key: 0, lag, kind: "now", when: "now", words: `Now: ${span(lag)} behind` });
  }
  return bars;
}

export function LagChart({ mark, now, zone }: { mark: WatermarkView; now: Date; zone: string }) {
  const bars = barsOf(mark, now, zone);
  if (bars.length < 2) return null;
  const most = Math.max(...bars.map(({ lag }) => lag), 1);
  const step = (STEPS.find((minutes) => most / (minutes * MINUTE) <= 3) ?? most / 3 / MINUTE) * MINUTE;
  const top = Math.ceil(most / step) * step;
  const room = HEIGHT - TOP - BOTTOM;
  const y = (lag: number) => TOP + room - (Math.max(0, lag) / top) * room;
  const width = (WIDTH - LEFT) / bars.length;
  const first = bars[0];
  return (
    <figure className="lag">
      <figcaption className="vh">
        Lag of {mark.name}: {bars.map(({ words }) => words).join("; ")}
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        {Array.from({ length: Math.round(top / step) + 1 }, (_, at) => at * step).map((lag) => (
          <g key={lag}>
            <line className="ax" x1={LEFT} x2={WIDTH} y1={y(lag)} y2={y(lag)} />
            {lag > 0 && (
              <text x={LEFT - 8} y={y(lag) + 4} textAnchor="end">
                {span(lag).replace(" 00 m", "")}
              </text>
            )}
          </g>
        ))}
        {bars.map((bar, at) => (
          <g key={bar.key} data-tip={bar.words}>
            <rect className="hit" x={LEFT + at * width} y={TOP} width={width} height={room} />
            <rect
              className={bar.kind}
              x={LEFT + at * width + width * 0.15}
              y={Math.min(y(bar.lag), TOP + room - 1)}
              width={Math.min(width * 0.7, 24)}
              height={Math.max(1, TOP + room - y(bar.lag))}
            />
          </g>
        ))}
        {first && (
          <text x={LEFT} y={HEIGHT - 4}>
            {first.when}
          </text>
        )}
        <text x={WIDTH} y={HEIGHT - 4} textAnchor="end">
          now
        </text>
      </svg>
    </figure>
  );
}
