/** How far behind a watermark was whenever it was moved, and how far it is now: one bar a change. */
import type { WatermarkView } from "../../../../src/model/view-runs.ts";
import { near, span } from "../../../words/time.ts";

const SHOWN = 40;

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
  const share = (lag: number) => `${Math.round((Math.max(0, lag) / top) * 1000) / 10}%`;
  return (
    <figure className="lag">
      <figcaption>
        <h3>Lag at each change</h3>
        <span className="vh">{bars.map(({ words }) => words).join("; ")}</span>
      </figcaption>
      <div className="lag-plot" aria-hidden="true">
        {Array.from({ length: Math.round(top / step) + 1 }, (_, at) => at * step).map((lag) => (
          <span key={lag} className="lag-line" style={{ bottom: share(lag) }}>
            <span className="n">{lag > 0 ? span(lag).replace(" 00 m", "") : ""}</span>
          </span>
        ))}
        <div className="lag-bars">
          {bars.map((bar) => (
            <span key={bar.key} data-tip={bar.words}>
              <i className={bar.kind} style={{ height: share(bar.lag) }} />
            </span>
          ))}
        </div>
      </div>
      <p className="lag-foot s d n" aria-hidden="true">
        <span>{bars[0]?.when}</span>
        <span>now</span>
      </p>
      <p className="legend s d">
        <span>
          <i className="key auto" /> moved by a run
        </span>
        <span>
          <i className="key hand" /> set, reset or rolled back
        </span>
        <span>
          <i className="key now" /> now
        </span>
      </p>
    </figure>
  );
}
