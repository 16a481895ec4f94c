/** Where to begin: search first, the tables most read and last written, what the sources cover, and everything as lists. */
import { useCallback, useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { useCoverage } from "../../../api/lineage.ts";
import { useUrl } from "../../../api/use-url.ts";
import { CoverageNotice } from "../../../components/coverage-notice.tsx";
import { Empty } from "../../../components/empty.tsx";
import { Failure } from "../../../components/failure.tsx";
import { Icon } from "../../../components/icon.tsx";
import { ListSkeleton } from "../../../components/skeleton.tsx";
import { useKeys } from "../../../shell/keys.ts";
import { useTitle } from "../../../shell/title.ts";
import { counted } from "../../../words/count.ts";
import { fullDay } from "../../../words/day.ts";
import { NodeSearch } from "../node-search.tsx";
import { Begin } from "./begin.tsx";
import { Covered } from "./covered.tsx";
import { DatasetList, JobList } from "./lists.tsx";

const FILTER_DELAY_MS = 180;

export function Start() {
  useTitle("Lineage");
  const [params, change] = useUrl();
  const coverage = useCoverage();
  const list = params.get("list") === "jobs" ? "jobs" : "tables";
  const q = params.get("q") ?? "";
  const selected = params.get("sel");
  const select = useCallback((key: string) => change({ sel: key }), [change]);
  useKeys({
    escape: () => (selected === null ? false : change({ sel: null })),
    "1": () => change({ list: null, sel: null }),
    "2": () => change({ list: "jobs", sel: null }),
  });
  const { data } = coverage;
  const tab = (to: "tables" | "jobs") => {
    const next = new URLSearchParams(params);
    next.delete("sel");
    if (to === "jobs") next.set("list", "jobs");
    else next.delete("list");
    const query = next.toString();
    return `/lineage${query === "" ? "" : `?${query}`}`;
  };
  if (data && data.firstDay === null)
    return (
      <>
        <h1>Lineage</h1>
        <Empty icon="lineage" title="No lineage has been ingested yet." commands={["headgate lineage ingest"]}>
          Name sources under <code>lineage.sources</code> in headgate.yaml (access logs, console logs, OpenLineage
          events, Unity Catalog) and read them in.
        </Empty>
      </>
    );
  return (
    <>
      <div className="head lin-head">
        <h1>Lineage</h1>
        {data && (
          <span className="s d n">
            {counted(data.counts.datasets, "table")}, {counted(data.counts.jobs, "job")},{" "}
            {counted(data.counts.edges, "edge")} in {data.windowDays} days up to {fullDay(data.at)}
          </span>
        )}
        <div className="sp">
          <Link href="/lineage?view=map" className="btn">
            <Icon name="lineage" />
            Whole picture
          </Link>
        </div>
      </div>
      {data && <CoverageNotice warnings={data.warnings} lack="What follows may lack edges." />}
      {coverage.error && !data && (
        <Failure
          what="The lineage could not be read"
          error={coverage.error}
          retry={() => void coverage.refetch()}
          still={
            <>
              Still works: <code>headgate lineage graph</code> on the command line.
            </>
          }
        />
      )}
      {!coverage.error && (
        <div className="lin-start">
          <div className="lin-start-main">
            <NodeSearch large />
            <div className="lin-list-head">
              <nav className="tabs" aria-label="Lists">
                <Link href={tab("tables")} replace aria-current={list === "tables" ? "page" : undefined}>
                  Tables {data && <span className="d n">{data.counts.datasets}</span>}
                </Link>
                <Link href={tab("jobs")} replace aria-current={list === "jobs" ? "page" : undefined}>
                  Jobs and people {data && <span className="d n">{data.counts.nodes - data.counts.datasets}</span>}
                </Link>
              </nav>
              <ListFilter key={list} q={q} change={change} what={list} />
            </div>
            {!data && <ListSkeleton rows={12} />}
            {data && list === "tables" && <DatasetList q={q} selected={selected} select={select} />}
            {data && list === "jobs" && <JobList q={q} selected={selected} select={select} />}
          </div>
          <aside className="lin-side" aria-label="Where to begin">
            <Begin />
            {data && <Covered coverage={data} />}
          </aside>
        </div>
      )}
    </>
  );
}

function ListFilter(props: { q: string; what: string; change: (values: Record<string, string | null>) => void }) {
  const { q, what, change } = props;
  const [text, setText] = useState(q);
  const field = useRef<HTMLInputElement>(null);
  useKeys({ f: () => field.current?.focus() });
  useEffect(() => setText(q), [q]);
  useEffect(() => {
    if (text === q) return;
    const timer = setTimeout(() => change({ q: text, sel: null }), FILTER_DELAY_MS);
    return () => clearTimeout(timer);
  }, [text, q, change]);
  return (
    <span className="fin lin-filter">
      <Icon name="list" />
      <input
        ref={field}
        className="in"
        aria-label={`Filter ${what}`}
        placeholder="Filter this list"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </span>
  );
}
