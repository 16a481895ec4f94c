/** What is around one table or job: the graph, the same as a table, the evidence beside it, and the date below. */
import "./focus.css";
import "./days.css";
import { useCallback, useMemo } from "react";
import { useLocation } from "wouter";
import { useCoverage, useJobsById, useLineageDiff, useLineageGraph } from "../../../api/lineage.ts";
import { ApiError } from "../../../api/request.ts";
import { CoverageNotice } from "../../../components/coverage-notice.tsx";
import { Failure } from "../../../components/failure.tsx";
import { ListSkeleton } from "../../../components/skeleton.tsx";
import { PHONE, useMedia } from "../../../components/use-media.ts";
import { useKeys } from "../../../shell/keys.ts";
import { useTitle } from "../../../shell/title.ts";
import { spoken } from "../../../words/lineage.ts";
import { NodeSearch } from "../node-search.tsx";
import { Days } from "./days.tsx";
import { EdgePanel } from "./edge-panel.tsx";
import { EdgeTable } from "./edge-table.tsx";
import { FocusBar } from "./focus-bar.tsx";
import { FocusGraph } from "./focus-graph.tsx";
import { NearList } from "./near-list.tsx";
import { NodePanel } from "./node-panel.tsx";
import { edgeOf, pictureOf } from "./picture.ts";
import { useFocusUrl } from "./use-focus-url.ts";

export function Focus({ node }: { node: string }) {
  const [url, change] = useFocusUrl();
  const [, navigate] = useLocation();
  const graph = useLineageGraph({ node, up: url.up, down: url.down, at: url.at, open: url.open });
  const coverage = useCoverage();
  const view = graph.data;
  const diff = useLineageDiff(url.diff, url.diff === null ? null : (view?.at ?? null));
  const compared = url.diff === null ? undefined : diff.data;
  const picture = useMemo(() => view && pictureOf(view, compared), [view, compared]);
  const ids = useMemo(() => [...new Set(picture?.boxes.flatMap(({ node: at }) => at?.jobId ?? []))], [picture]);
  const jobs = useJobsById(ids).data;
  const name = view ? spoken(view.focus) : node.replace(/^[a-z]+:[a-z0-9+.-]+:\/\/[^/]*\//, "");
  useTitle(`${name} · Lineage`);
  const phone = useMedia(PHONE);
  const select = useCallback((id: string | null) => change({ sel: id }), [change]);
  const selected = picture && edgeOf(picture, url.sel);
  useKeys({
    escape: () => {
      if (url.sel !== null) return change({ sel: null });
      if (url.diff !== null) return change({ diff: null });
      if (url.table) return change({ view: null });
      return navigate("/lineage");
    },
    t: () => change({ view: url.table ? null : "table" }),
  });
  const gone = graph.error instanceof ApiError && graph.error.status === 404;
  return (
    <>
      <h1 className="vh">Lineage of {name}</h1>
      <div className="lin-bar">
        <NodeSearch value={name} />
        <FocusBar url={url} change={change} beyond={view?.beyond} />
      </div>
      {graph.error && (
        <Failure
          what={gone ? `${name} is not in the lineage of this date` : "The graph could not be read"}
          error={graph.error}
          retry={() => void graph.refetch()}
          still="The search above finds what there is; the date can be changed below."
        />
      )}
      {!view && !graph.error && <ListSkeleton rows={12} height={44} />}
      {view && picture && (
        <>
          <CoverageNotice warnings={view.warnings} />
          <div className={`lin-cols${graph.isPlaceholderData ? " busy" : ""}`} aria-busy={graph.isPlaceholderData}>
            <div className="lin-main">
              {url.table ? (
                <EdgeTable picture={picture} selected={url.sel} select={select} />
              ) : phone ? (
                <NearList
                  picture={picture}
                  focus={String(view.focus.id)}
                  jobs={jobs}
                  selected={selected?.line.id ?? null}
                  select={select}
                  url={url}
                />
              ) : (
                <FocusGraph
                  picture={picture}
                  focus={String(view.focus.id)}
                  jobs={jobs}
                  selected={selected?.line.id ?? null}
                  select={select}
                  url={url}
                />
              )}
              <Days
                coverage={coverage.data}
                at={view.at}
                diff={url.diff}
                comparable
                picture={compared && picture}
                failed={diff.error}
                change={change}
              />
            </div>
            {selected ? (
              <EdgePanel
                key={selected.edge.id}
                selected={selected}
                at={selected.line.mark === "del" ? url.diff : url.at}
                select={select}
              />
            ) : (
              <NodePanel view={view} jobs={jobs} />
            )}
          </div>
        </>
      )}
      {graph.error && (
        <Days
          coverage={coverage.data}
          at={url.at}
          diff={null}
          comparable={false}
          picture={undefined}
          failed={null}
          change={change}
        />
      )}
    </>
  );
}
