/** The whole estate at a glance: a map to pan and zoom; a click looks at what is around a box. Its twin is the list. */
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import type { LineageOverviewView } from "../../../../src/model/view-lineage.ts";
import { useOverview } from "../../../api/lineage.ts";
import { useUrl } from "../../../api/use-url.ts";
import { Empty } from "../../../components/empty.tsx";
import { Failure } from "../../../components/failure.tsx";
import { Icon } from "../../../components/icon.tsx";
import { reachable } from "../../../components/reachable.ts";
import { ListSkeleton } from "../../../components/skeleton.tsx";
import { type OpenMap, openMap } from "../../../graph/map.ts";
import { useKeys } from "../../../shell/keys.ts";
import { shownTheme, useTheme } from "../../../shell/theme.ts";
import { useTitle } from "../../../shell/title.ts";
import { counted } from "../../../words/count.ts";
import { fullDay } from "../../../words/day.ts";
import { lineagePath } from "../../../words/lineage.ts";
import { NodeSearch } from "../node-search.tsx";

/** Pixels that an arrow key moves. */
const PAN = 80;

const refAt = ({ nodes, kinds, namespaces }: LineageOverviewView, node: number): string =>
  `${kinds[nodes.kind[node] ?? 0]}:${namespaces[nodes.namespace[node] ?? 0]}/${nodes.name[node]}`;

export function MapView() {
  useTitle("Lineage, whole");
  const [params] = useUrl();
  const [, navigate] = useLocation();
  const overview = useOverview(params.get("at"));
  useKeys({ escape: () => navigate("/lineage") });
  const { data } = overview;
  return (
    <>
      <div className="head lin-head">
        <h1>Whole picture</h1>
        {data && (
          <span className="s d n">
            {counted(data.counts.datasets, "table")}, {counted(data.counts.jobs, "job")},{" "}
            {counted(data.counts.edges, "edge")} up to {fullDay(data.at)}
            {data.partial && "; the nodes with most neighbours"}
          </span>
        )}
        <div className="sp">
          <NodeSearch />
          <Link href="/lineage" className="btn">
            <Icon name="list" />
            As lists
          </Link>
        </div>
      </div>
      {overview.error && !data && (
        <Failure
          what="The lineage could not be read"
          error={overview.error}
          retry={() => void overview.refetch()}
          still="The lists and the graph around one table ask for less."
        />
      )}
      {!data && !overview.error && <ListSkeleton rows={14} />}
      {data && data.nodes.id.length === 0 && (
        <Empty icon="lineage" title="No lineage has been ingested yet." commands={["headgate lineage ingest"]} />
      )}
      {data && data.nodes.id.length > 0 && <Picture data={data} />}
    </>
  );
}

function Picture({ data }: { data: LineageOverviewView }) {
  const box = useRef<HTMLDivElement>(null);
  const map = useRef<OpenMap | null>(null);
  const [, navigate] = useLocation();
  const [over, setOver] = useState<{ node: number; x: number; y: number } | null>(null);
  const [placed, setPlaced] = useState(false);
  useTheme();
  const theme = shownTheme();
  const input = useMemo(
    () => ({
      tables: Uint8Array.from(data.nodes.kind, (kind) => (data.kinds[kind] === "dataset" ? 1 : 0)),
      labels: data.nodes.label.map((label, node) => label || (data.nodes.name[node] ?? "")),
      from: Uint32Array.from(data.edges.from),
      to: Uint32Array.from(data.edges.to),
    }),
    [data],
  );
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const opened = openMap(element, input, {
      placed: () => setPlaced(true),
      hover: (node, x, y) => setOver((old) => (node < 0 ? null : old?.node === node ? old : { node, x, y })),
      choose: (node) => navigate(lineagePath(refAt(data, node))),
    });
    map.current = opened;
    return () => {
      map.current = null;
      opened.close();
    };
  }, [input, data, navigate]);
  useEffect(() => {
    if (theme) map.current?.recolour();
  }, [theme]);
  const press = (event: KeyboardEvent) => {
    const open = map.current;
    const [x, y] =
      { ArrowLeft: [PAN, 0], ArrowRight: [-PAN, 0], ArrowUp: [0, PAN], ArrowDown: [0, -PAN] }[event.key] ?? [];
    if (!open) return;
    if (x !== undefined && y !== undefined) open.pan(x, y);
    else if (event.key === "+" || event.key === "=") open.zoom(1.3);
    else if (event.key === "-") open.zoom(1 / 1.3);
    else if (event.key === "0") open.whole();
    else return;
    event.preventDefault();
  };
  return (
    <div
      className="lin-map"
      ref={box}
      role="application"
      {...reachable}
      aria-label={`Map of ${counted(data.nodes.id.length, "box", "boxes")}. Arrow keys move it, plus and minus zoom. The lists show the same.`}
      aria-busy={!placed}
      data-placed={placed}
      onKeyDown={press}
    >
      {over && (
        <div className="pointer-tip lin-over" aria-hidden="true" style={{ left: over.x + 12, top: over.y + 16 }}>
          {data.kinds[data.nodes.kind[over.node] ?? 0] === "dataset" ? "table or path" : "job"}{" "}
          {data.nodes.label[over.node] && data.kinds[data.nodes.kind[over.node] ?? 0] !== "dataset"
            ? data.nodes.label[over.node]
            : data.nodes.name[over.node]}
        </div>
      )}
      <div className="lin-map-tools">
        <button type="button" className="btn ic" aria-label="Smaller" onClick={() => map.current?.zoom(1 / 1.5)}>
          <Icon name="minus" />
        </button>
        <button type="button" className="btn ic" aria-label="Larger" onClick={() => map.current?.zoom(1.5)}>
          <Icon name="plus" />
        </button>
        <button
          type="button"
          className="btn ic"
          aria-label="Whole picture"
          data-tip="Whole picture"
          onClick={() => map.current?.whole()}
        >
          <Icon name="fit" />
        </button>
      </div>
    </div>
  );
}
