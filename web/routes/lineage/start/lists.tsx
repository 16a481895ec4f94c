/** All tables, and all jobs, as lists of virtual rows. */
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import type { LineageDatasetRow, LineageJobRow } from "../../../../src/model/view-lineage.ts";
import { useDatasets, useLineageJobs } from "../../../api/lineage.ts";
import { useMinute } from "../../../api/use-live.ts";
import { Empty } from "../../../components/empty.tsx";
import { Failure } from "../../../components/failure.tsx";
import { ListSkeleton } from "../../../components/skeleton.tsx";
import { type Column, VirtualTable } from "../../../components/virtual-table.tsx";
import { useZone } from "../../../shell/zone.ts";
import { grouped } from "../../../words/count.ts";
import { bytesText, kindWord, lineagePath, spoken } from "../../../words/lineage.ts";
import { fullTime, near } from "../../../words/time.ts";

interface ListProps {
  q: string;
  selected: string | null;
  select: (key: string) => void;
}

function Time({ at }: { at: string | null }) {
  const now = useMinute();
  const zone = useZone();
  if (at === null) return <span className="d">never seen</span>;
  return (
    <time className="n" dateTime={at} data-tip={fullTime(at, now, zone)}>
      {near(at, now, zone)}
    </time>
  );
}

function Name({ node }: { node: LineageDatasetRow | LineageJobRow }) {
  const path = node.kind === "dataset" && kindWord(node) === "path" ? `${node.namespace}/${node.name}` : spoken(node);
  return (
    <Link href={lineagePath(node.ref)} className="lin-name" data-tip={path}>
      <b>{node.label}</b> <span className="d">{node.detail}</span>
    </Link>
  );
}

const DATASET_COLUMNS: Column<LineageDatasetRow>[] = [
  { name: "Name", className: "l1", cell: (row) => <Name node={row} /> },
  { name: "Kind", className: "l2", cell: (row) => kindWord(row) },
  { name: "Readers", className: "r l3", cell: (row) => <Count count={row.readers} one="reader" /> },
  { name: "Writers", className: "r l4", cell: (row) => grouped(row.writers) },
  { name: "Read", className: "r l5", cell: (row) => (row.bytesRead > 0 ? bytesText(row.bytesRead) : "") },
  { name: "Last read", className: "l6", cell: (row) => <Time at={row.lastReadAt} /> },
  { name: "Last written", className: "l7", cell: (row) => <Time at={row.lastWrittenAt} /> },
];

const JOB_COLUMNS: Column<LineageJobRow>[] = [
  { name: "Name", className: "l1", cell: (row) => <Name node={row} /> },
  { name: "Kind", className: "l2", cell: (row) => kindWord(row) },
  { name: "Reads", className: "r l3", cell: (row) => <Count count={row.reads} one="table" verb="reads" /> },
  { name: "Writes", className: "r l4", cell: (row) => grouped(row.writes) },
  { name: "Last seen", className: "l7", cell: (row) => <Time at={row.lastSeenAt} /> },
];

/** A figure under its heading; on a phone, where there is none, with its noun. */
function Count({ count, one, verb }: { count: number; one: string; verb?: string }) {
  return (
    <>
      <span className="only-s">{verb ? `${verb} ` : ""}</span>
      {grouped(count)}
      <span className="only-s">
        {" "}
        {one}
        {count === 1 ? "" : "s"}
      </span>
    </>
  );
}

interface Paged<Row> {
  data: { pages: { count: number; items: Row[] }[] } | undefined;
  error: Error | null;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
  refetch: () => unknown;
}

function List<Row extends { ref: string }>(
  props: ListProps & { label: string; pages: Paged<Row>; columns: Column<Row>[]; nothing: ReactNode },
) {
  const { label, pages, columns, nothing, selected, select } = props;
  const [, navigate] = useLocation();
  const first = pages.data?.pages[0];
  if (pages.error && !first)
    return <Failure what="The list could not be read" error={pages.error} retry={() => void pages.refetch()} />;
  if (!first) return <ListSkeleton rows={12} />;
  if (first.count === 0) return nothing;
  return (
    <VirtualTable
      label={label}
      columns={columns}
      rows={pages.data?.pages.flatMap(({ items }) => items) ?? []}
      count={first.count}
      keyOf={({ ref }) => ref}
      selected={selected}
      select={select}
      open={({ ref }) => navigate(lineagePath(ref))}
      more={() => {
        if (pages.hasNextPage && !pages.isFetchingNextPage) void pages.fetchNextPage();
      }}
    />
  );
}

export function DatasetList(props: ListProps) {
  return (
    <List
      {...props}
      label="Tables"
      pages={useDatasets(props.q)}
      columns={DATASET_COLUMNS}
      nothing={<Empty icon="search" title="No table fits this filter." />}
    />
  );
}

export function JobList(props: ListProps) {
  return (
    <List
      {...props}
      label="Jobs"
      pages={useLineageJobs(props.q)}
      columns={JOB_COLUMNS}
      nothing={<Empty icon="search" title="No job fits this filter." />}
    />
  );
}
