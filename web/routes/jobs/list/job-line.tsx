/** One row of the list. */
import { memo } from "react";
import { Link } from "wouter";
import type { JobRow, ScheduleView } from "../../../../src/model/view.ts";
import { State } from "../../../components/state.tsx";
import { verdictTone } from "../../../words/state.ts";
import { fullTime, near, relative } from "../../../words/time.ts";
import { DifferenceMark } from "../difference-mark.tsx";
import { RunSquares } from "../run-squares.tsx";

const HOUR = 3_600_000;

/** When a job starts next: soon ones by distance, others by weekday and time; the rest on hover. */
export function NextStart({ schedule, now, zone }: { schedule: ScheduleView | null; now: Date; zone: string }) {
  if (schedule === null) return <span className="d">–</span>;
  if (schedule.paused) return <span className="d">paused</span>;
  const at = schedule.nextStart;
  if (at === null) return <span className="d">–</span>;
  const soon = new Date(at).getTime() - now.getTime();
  const own =
    schedule.timezone !== null && schedule.timezone !== zone ? `\n${fullTime(at, now, schedule.timezone)}` : "";
  return (
    <time dateTime={at} data-tip={`${fullTime(at, now, zone)}${own.split("\n").slice(0, 2).join("\n")}`}>
      {soon > 0 && soon < HOUR ? relative(at, now) : near(at, now, zone)}
    </time>
  );
}

/** Letters of tags that fit in a row. */
const TAG_LETTERS = 14;
/** Room around a tag, in letters. */
const AROUND = 2;

/** The tags that fit, at least one; the number of the others needs room too. */
function fittingTags(tags: string[]): string[] {
  const width = (some: string[]) => some.reduce((sum, tag) => sum + tag.length + AROUND, 0);
  if (width(tags) <= TAG_LETTERS) return tags;
  let count = tags.length - 1;
  while (count > 1 && width(tags.slice(0, count)) + AROUND * 2 > TAG_LETTERS) count -= 1;
  return tags.slice(0, count);
}

/** So long a verdict fits its column in every face. */
const VERDICT = 22;

/** What the last run said, and the verdict itself where its column may cut it. */
function verdictTip({ verdict, runs }: JobRow): string | undefined {
  const said = runs.at(-1)?.message ?? undefined;
  if (verdict.text.length <= VERDICT) return said;
  return said === undefined ? verdict.text : `${verdict.text}\n${said}`;
}

/** Drawn again only when its own row, selection or the minute changes: a scrolled list draws just the rows that come. */
export const JobLine = memo(function JobLine(props: {
  row: JobRow;
  index: number;
  selected: boolean;
  moved: boolean;
  now: Date;
  zone: string;
}) {
  const { row, selected, moved, now, zone } = props;
  const tags = fittingTags(row.tags);
  const file = row.place ? `${row.place.file}:${row.place.line}` : "";
  return (
    <tr
      className={`${selected ? "sel" : ""}${moved ? " moved" : ""}`}
      data-resource={row.resource}
      data-index={props.index}
      aria-rowindex={props.index + 2}
      aria-selected={selected}
    >
      <td className="j1">
        <Link
          href={`/jobs/${encodeURIComponent(row.resource)}`}
          data-tip={row.name === row.resource ? undefined : row.name}
        >
          <b>{row.resource}</b>
        </Link>
      </td>
      <td className="j2">
        <RunSquares runs={row.runs} zone={zone} />
      </td>
      <td className="j3">
        <State tone={verdictTone(row.verdict.state)} tip={verdictTip(row)}>
          {row.verdict.text}
        </State>
      </td>
      <td
        className="j4"
        data-tip={row.schedule?.expression ? `${row.schedule.expression}\n${row.schedule.timezone ?? ""}` : undefined}
      >
        {row.schedule?.text ?? <span className="d">no schedule</span>}
      </td>
      <td className="j5 n">
        <NextStart schedule={row.schedule} now={now} zone={zone} />
      </td>
      <td className="j6">
        <DifferenceMark resource={row.resource} difference={row.difference} />
      </td>
      <td className="j7 m" data-tip={row.source === "" ? undefined : `${file}\nsource ${row.source}`}>
        {file === "" ? row.source : file}
      </td>
      <td className="j8" data-tip={row.tags.length > tags.length ? row.tags.join("\n") : undefined}>
        {tags.map((tag) => (
          <span className="tag" key={tag}>
            {tag}
          </span>
        ))}
        {row.tags.length > tags.length && <span className="tag">+{row.tags.length - tags.length}</span>}
      </td>
    </tr>
  );
});
