/** The Jobs route: every declared job, what needs somebody first; the calendar of starts and the newest changes beside. */
import "./list.css";
import { lazy, Suspense, useCallback, useEffect, useLayoutEffect, useRef } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { type FleetFilter, useFleet, useTables } from "../../../api/queries.ts";
import { useUrl } from "../../../api/use-url.ts";
import { Empty } from "../../../components/empty.tsx";
import { Failure } from "../../../components/failure.tsx";
import { ListSkeleton } from "../../../components/skeleton.tsx";
import { useKeys } from "../../../shell/keys.ts";
import { useTitle } from "../../../shell/title.ts";
import { counted, grouped } from "../../../words/count.ts";
import { DriftNotice } from "../drift-notice.tsx";
import { Problems } from "../problems.tsx";
import { StaleNotice } from "../stale-notice.tsx";
import { filterOf, isFiltered, leaveList } from "./filter.ts";
import { FilterBar } from "./filter-bar.tsx";
import { JobTable } from "./job-table.tsx";
import { Unmanaged } from "./unmanaged.tsx";

const Calendar = lazy(() => import("../calendar/calendar.tsx"));
const FleetHistory = lazy(() => import("../history/fleet-history.tsx"));

const Tables = lazy(() => import("../tables/tables.tsx"));

const TABS: { list: FleetFilter["list"]; name: string; count: "all" | "needYou" | "differ" }[] = [
  { list: "all", name: "All", count: "all" },
  { list: "need_you", name: "Need you", count: "needYou" },
  { list: "differ", name: "Differ", count: "differ" },
];

/** Other sights of the fleet, each with an address of its own. */
const VIEWS = [
  { view: "calendar", name: "Calendar", sight: <Calendar /> },
  { view: "history", name: "History", sight: <FleetHistory /> },
  { view: "tables", name: "Control table", sight: <Tables /> },
];

export default function Jobs() {
  useTitle("Jobs");
  const search = useSearch();
  const [params, change] = useUrl();
  const [path, navigate] = useLocation();
  const filter = filterOf(params);
  const fleet = useFleet(filter);
  const other = VIEWS.find(({ view }) => view === params.get("view"));
  const tables = useTables().data?.items.length ?? 0;
  // Of many tabs on a phone the current one is in sight, also when counts have made those before it wider.
  const tabs = useRef<HTMLElement>(null);
  const shown = `${other?.view ?? filter.list} ${tables} ${fleet.data?.pages[0]?.counts.all}`;
  useLayoutEffect(() => {
    const tab = shown && tabs.current?.querySelector("[aria-current]");
    if (!tab || !tabs.current) return;
    const [box, own] = [tabs.current.getBoundingClientRect(), tab.getBoundingClientRect()];
    tabs.current.scrollLeft += (own.left + own.right - box.left - box.right) / 2;
  }, [shown]);
  // The page is still there for a moment when its address is left.
  useEffect(() => {
    if (path === "/jobs") leaveList(search);
  }, [path, search]);

  const selected = params.get("sel");
  const select = useCallback((resource: string) => change({ sel: resource }), [change]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = fleet;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, hasNextPage, isFetchingNextPage]);
  useKeys({
    p: () => navigate("/plans/new"),
    escape: () => (selected !== null ? change({ sel: null }) : other ? navigate("/jobs") : false),
  });

  const first = fleet.data?.pages[0];
  const rows = fleet.data?.pages.flatMap((page) => page.items) ?? [];
  const refresh = () => void fleet.refetch();
  const tab = (list: string) => {
    const next = new URLSearchParams(other ? undefined : params);
    next.delete("sel");
    if (list === "all") next.delete("list");
    else next.set("list", list);
    const query = next.toString();
    return query === "" ? "/jobs" : `/jobs?${query}`;
  };

  return (
    <>
      <div className="head">
        <h1>Jobs</h1>
        <nav className="tabs" aria-label="Lists" ref={tabs}>
          {TABS.map(({ list, name, count }) => (
            <Link
              key={list}
              href={tab(list)}
              replace
              aria-current={!other && filter.list === list ? "page" : undefined}
            >
              {name} {first && <span className="d n">{grouped(first.counts[count])}</span>}
            </Link>
          ))}
          {VIEWS.filter(({ view }) => view !== "tables" || tables > 0 || other?.view === view).map(({ view, name }) => (
            <Link
              key={view}
              href={`/jobs?view=${view}`}
              replace
              aria-current={other?.view === view ? "page" : undefined}
            >
              {name}
            </Link>
          ))}
        </nav>
        <div className="sp">
          {first && first.counts.differ > 0 && (
            <span className="s d hs">
              {grouped(first.counts.differ)} of {grouped(first.counts.all)} differ from {first.workspace}
            </span>
          )}
          <Link href="/plans/new" className="btn pri">
            Review plan
          </Link>
        </div>
      </div>
      <StaleNotice />
      {other ? (
        <Suspense key={other.view} fallback={<ListSkeleton rows={14} />}>
          {other.sight}
        </Suspense>
      ) : (
        <>
          {first && <Problems problems={first.problems} again={refresh} />}
          {first && filter.list !== "need_you" && (
            <DriftNotice jobs={(first.facets.difference.drift ?? 0) + (first.facets.difference.conflict ?? 0)} />
          )}
          <FilterBar filter={filter} facets={first?.facets} change={change} />
          {fleet.error && !first && (
            <Failure
              what="The jobs could not be read"
              error={fleet.error}
              retry={refresh}
              still={
                <>
                  Still works: <code>headgate jobs list</code> and <code>headgate jobs plan</code> on the command line.
                </>
              }
            />
          )}
          {!first && !fleet.error && <ListSkeleton rows={14} />}
          {first && first.count > 0 && (
            <JobTable rows={rows} count={first.count} selected={selected} select={select} more={more} />
          )}
          {first && first.count === 0 && <Nothing filter={filter} all={first.counts.all} change={change} />}
          {first && rows.length > 0 && first.count > 20 && (
            <p className="list-end s d">{counted(first.count, "job")}</p>
          )}
          {first && !isFiltered(filter) && filter.list === "all" && (
            <Unmanaged workspace={first.workspace} count={first.unmanaged.count} jobs={first.unmanaged.items} />
          )}
        </>
      )}
    </>
  );
}

function Nothing(props: { filter: FleetFilter; all: number; change: (values: Record<string, string | null>) => void }) {
  const { filter, all, change } = props;
  if (all === 0)
    return (
      <Empty icon="jobs" title="No job is declared yet." commands={["headgate jobs adopt --all", "headgate init"]}>
        Write one in a file under <code>jobs/</code>, or take over the jobs that are already in the workspace.
      </Empty>
    );
  if (isFiltered(filter))
    return (
      <Empty icon="search" title="No job fits these filters.">
        <button
          type="button"
          className="lnk"
          onClick={() => change({ q: null, verdict: null, difference: null, tag: null, source: null, sel: null })}
        >
          Clear the filters
        </button>{" "}
        to see {filter.list === "all" ? `all ${grouped(all)}` : "the rest of this list"}.
      </Empty>
    );
  return filter.list === "need_you" ? (
    <Empty icon="check" title="Nothing needs you." />
  ) : (
    <Empty icon="check" title="Every job in the workspace is as declared." />
  );
}
