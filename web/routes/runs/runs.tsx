/** The Runs route: every process by date, what needs somebody first. */
import "./runs.css";
import { useCallback, useEffect, useMemo } from "react";
import { Link, useSearch } from "wouter";
import type { GridProcess } from "../../../src/model/view-runs.ts";
import { useGridTasks, useRunsGrid } from "../../api/runs.ts";
import { useMinute } from "../../api/use-live.ts";
import { listParam, useUrl } from "../../api/use-url.ts";
import { Empty } from "../../components/empty.tsx";
import { Failure } from "../../components/failure.tsx";
import { Icon } from "../../components/icon.tsx";
import { ListSkeleton } from "../../components/skeleton.tsx";
import { useKeys } from "../../shell/keys.ts";
import { useTitle } from "../../shell/title.ts";
import { useZone } from "../../shell/zone.ts";
import { counted } from "../../words/count.ts";
import { dayAfter, isDay, today as todayIn } from "../../words/day.ts";
import { healthWord } from "../../words/run-state.ts";
import { Grid } from "./grid/grid.tsx";
import { headline } from "./grid/headline.ts";
import { Legend } from "./grid/legend.tsx";
import { RangeBar } from "./grid/range-bar.tsx";
import { rowsOf, type Selection, selectionOf, selectionText } from "./grid/rows.ts";
import { ModeNotice } from "./mode-notice.tsx";
import { keyOf, leaveGrid, runPath } from "./place.ts";

const DAYS = 28;
const MOST_DAYS = 1_100;
/** Unfolded unless somebody chose: what needs somebody, but not so much that the rest is out of sight. */
const UNFOLDED = 3;
const NEED: readonly string[] = ["failed", "blocked", "stuck"];
const NAMED = 3;

export default function Runs() {
  useTitle("Runs");
  const search = useSearch();
  useEffect(() => leaveGrid(search), [search]);
  const [params, change] = useUrl();
  const zone = useZone();
  const now = todayIn(useMinute(), zone);
  const asked = params.get("to");
  const to = isDay(asked) ? asked : now;
  const days = Math.min(MOST_DAYS, Math.max(1, Number(params.get("days")) || DAYS));
  const from = dayAfter(to, 1 - days);
  const range = { to, days, q: params.get("q") ?? "", verdict: listParam(params, "verdict") };
  const grid = useRunsGrid({ from, to, fixed: isDay(asked), q: range.q, verdict: range.verdict });
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = grid;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);

  const { data } = grid;
  const first = data?.pages[0];
  const processes = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const unfolded = useMemo(() => unfoldedOf(params.get("open"), processes), [params, processes]);
  const open = useMemo(() => processes.filter((process) => unfolded.has(keyOf(process))), [processes, unfolded]);
  const tasks = useGridTasks(open, first?.from ?? from, first?.to ?? to);
  const rows = useMemo(
    () => rowsOf(processes, unfolded, new Map(open.map((process, at) => [keyOf(process), tasks[at]]))),
    [processes, unfolded, open, tasks],
  );

  const selection = selectionOf(params.get("sel"));
  const select = useCallback((next: Selection | null) => change({ sel: next && selectionText(next) }), [change]);
  const fold = useCallback(
    (key: string) => {
      const next = new Set(unfolded);
      if (!next.delete(key)) next.add(key);
      change({ open: next.size === 0 ? "none" : [...next].join(",") });
    },
    [unfolded, change],
  );
  useKeys({ escape: () => (selection === null ? false : select(null)) });

  const filtered = range.q !== "" || range.verdict.length > 0;
  const all = first ? Object.values(first.verdicts).reduce((sum, count) => sum + count, 0) : 0;
  return (
    <>
      {first && all > 0 ? (
        <Answer verdicts={first.verdicts} processes={filtered ? [] : processes} />
      ) : (
        <div className="head">
          <h1>Runs</h1>
        </div>
      )}
      <ModeNotice processes={processes} />
      {(all > 0 || !first) && <RangeBar range={range} today={now} verdicts={first?.verdicts} change={change} />}
      {grid.error && !first && (
        <Failure
          what="The runs could not be read"
          error={grid.error}
          retry={() => void grid.refetch()}
          still={
            <>
              Still works: <code>headgate runs processes</code> and <code>headgate runs status</code> on the command
              line.
            </>
          }
        />
      )}
      {!first && !grid.error && <ListSkeleton rows={14} height={28} />}
      {first && rows.length > 0 && (
        <>
          <Grid
            rows={rows}
            from={first.from}
            to={first.to}
            today={now}
            selection={selection}
            select={select}
            fold={fold}
            more={more}
          />
          <Legend count={counted(first.count, "process", "processes")} />
        </>
      )}
      {first && all === 0 && (
        <Empty
          icon="runs"
          title="No process is registered, and no run has been seen."
          commands={["headgate runs register", "headgate runs observe"]}
        >
          Declare processes in files under <code>processes/</code> and register them; or let headgate observe: jobs that
          nobody declared show here by themselves. Single jobs are in{" "}
          <Link href="/jobs" className="lnk">
            Jobs
          </Link>
          .
        </Empty>
      )}
      {first && all > 0 && rows.length === 0 && (
        <Empty icon="search" title="No process fits these filters.">
          <button type="button" className="lnk" onClick={() => change({ q: null, verdict: null, sel: null })}>
            Clear the filters
          </button>{" "}
          to see all {all}.
        </Empty>
      )}
    </>
  );
}

/** Processes that show their tasks: those of the URL, else what needs somebody. */
function unfoldedOf(text: string | null, processes: readonly GridProcess[]): Set<string> {
  if (text !== null) return new Set(text.split(","));
  return new Set(
    processes
      .filter((process) => process.verdict === "late" || NEED.includes(process.verdict))
      .slice(0, UNFOLDED)
      .map(keyOf),
  );
}

/** One sentence on top: right or not, and what waits for somebody. */
function Answer({ verdicts, processes }: { verdicts: Record<string, number>; processes: GridProcess[] }) {
  const { tone, title, rest } = headline(verdicts);
  const worst = tone === "warn" ? ["late", "at_risk"] : NEED;
  const named = processes.filter((process) => worst.includes(process.verdict)).slice(0, NAMED);
  return (
    <div className={`verdict ${tone}`}>
      <Icon />
      <h1>{title}</h1>
      {(named.length > 0 || rest !== "") && (
        <p>
          {named.map((process) => (
            <span key={keyOf(process)}>
              <Link className="lnk" href={runPath(process, process.day)}>
                {process.projectCode}/{process.processLoad}
              </Link>{" "}
              {process.verdict === "failed" ? "has" : "is"} {healthWord(process.verdict).word.toLowerCase()}.{" "}
            </span>
          ))}
          {rest}
        </p>
      )}
    </div>
  );
}
