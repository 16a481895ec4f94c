/** The same graph as a table: for keyboards, readers and copying. */
import { Link } from "wouter";
import type { LineageEdgeView, LineageNodeView } from "../../../../src/model/view-lineage.ts";
import { useMinute } from "../../../api/use-live.ts";
import { useCopied } from "../../../components/copy.tsx";
import { Icon } from "../../../components/icon.tsx";
import { type Column, VirtualTable } from "../../../components/virtual-table.tsx";
import { useZone } from "../../../shell/zone.ts";
import { counted, grouped } from "../../../words/count.ts";
import { lineagePath, relationWords, seenText, spoken, strengthWord } from "../../../words/lineage.ts";
import { near } from "../../../words/time.ts";
import type { Mark, Picture } from "./picture.ts";

interface Row {
  edge: LineageEdgeView;
  from: LineageNodeView;
  to: LineageNodeView;
  mark: Mark;
  level: number;
  /** Id to select it by. */
  id: string;
}

const SIGN: Record<Mark, string> = { same: "", add: "+ ", del: "− " };

/** Edges of a picture from left to right, both ways where data goes both ways. */
export function edgeRows(picture: Picture): Row[] {
  const boxes = new Map(picture.boxes.map((box) => [box.key, box]));
  return picture.lines
    .flatMap((line): Row[] => {
      const [from, to] = [boxes.get(line.from), boxes.get(line.to)];
      if (!from?.node || !to?.node || line.edge === null) return [];
      const own: Row = {
        edge: line.edge,
        from: from.node,
        to: to.node,
        mark: line.mark,
        level: from.level,
        id: line.id,
      };
      if (line.back === null) return [own];
      return [
        own,
        { edge: line.back, from: to.node, to: from.node, mark: line.mark, level: to.level, id: line.back.id },
      ];
    })
    .sort(
      (a, b) => a.level - b.level || (spoken(a.from) < spoken(b.from) ? -1 : spoken(a.from) > spoken(b.from) ? 1 : 0),
    );
}

/** Rows as lines with tabs between, for a spreadsheet. */
export function tsvOf(rows: readonly Row[]): string {
  const head = [
    "from",
    "does",
    "to",
    "strength",
    "confidence",
    "files",
    "bytes",
    "requests",
    "runs",
    "last seen",
    "sources",
  ];
  const lines = rows.map(({ edge, from, to }) => [
    spoken(from),
    edge.relations.join(" "),
    spoken(to),
    strengthWord(edge),
    edge.confidence.toFixed(2),
    edge.files,
    edge.bytes,
    edge.requests,
    edge.runs,
    edge.lastAt,
    edge.sources.join(" "),
  ]);
  return [head, ...lines]
    .map((cells) => cells.map((cell) => String(cell).replace(/[\t\n]/g, " ")).join("\t"))
    .join("\n");
}

const End = ({ node }: { node: LineageNodeView }) => (
  <Link href={lineagePath(node.ref)} data-tip={spoken(node)}>
    <Icon name={node.kind === "dataset" ? "table" : "pill"} size={12} /> {spoken(node)}
  </Link>
);

function Time({ at }: { at: string }) {
  return <>{near(at, useMinute(), useZone())}</>;
}

const COLUMNS: Column<Row>[] = [
  {
    name: "From",
    className: "e1",
    cell: ({ from, mark }) => (
      <>
        <span className={`sg ${mark}`}>{SIGN[mark]}</span>
        <End node={from} />
      </>
    ),
  },
  { name: "Does", className: "e2", cell: ({ edge }) => relationWords(edge.relations) },
  { name: "To", className: "e3", cell: ({ to }) => <End node={to} /> },
  { name: "Strength", className: "e4", cell: ({ edge }) => strengthWord(edge) },
  { name: "Seen", className: "r e5", cell: ({ edge }) => seenText(edge) },
  { name: "Runs", className: "r e6", cell: ({ edge }) => grouped(edge.runs) },
  { name: "Last seen", className: "e7", cell: ({ edge }) => <Time at={edge.lastAt} /> },
];

export function EdgeTable(props: { picture: Picture; selected: string | null; select: (id: string) => void }) {
  const { picture, selected, select } = props;
  const [copied, copy] = useCopied();
  const rows = edgeRows(picture);
  const folded = picture.boxes.flatMap(({ bundle }) => bundle ?? []);
  return (
    <div className="lin-table">
      <p className="s f2">
        {counted(rows.length, "edge")}
        {folded.length > 0 && `; folded: ${folded.map(({ text }) => text).join(", ")}`}
        <button type="button" className="btn sm" onClick={() => copy(tsvOf(rows))}>
          <Icon name="copy" size={12} />
          {copied === true ? "Copied" : copied === "failed" ? "Copying is not allowed" : "Copy as a table"}
        </button>
      </p>
      <VirtualTable
        label="Edges"
        columns={COLUMNS}
        rows={rows}
        count={rows.length}
        keyOf={({ id }) => id}
        selected={selected}
        select={select}
        open={({ id }) => select(id)}
      />
    </div>
  );
}
