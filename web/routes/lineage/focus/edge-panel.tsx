/** Why an edge is there: the evidence in words, how sure, who saw it, who else it may have been, which columns. */
import { useState } from "react";
import { Link } from "wouter";
import type { LineageEvidenceView, LineageNodeView } from "../../../../src/model/view-lineage.ts";
import { useEvidence } from "../../../api/lineage.ts";
import { useMinute } from "../../../api/use-live.ts";
import { Failure } from "../../../components/failure.tsx";
import { Icon } from "../../../components/icon.tsx";
import { ListSkeleton } from "../../../components/skeleton.tsx";
import { useZone } from "../../../shell/zone.ts";
import { counted } from "../../../words/count.ts";
import { dayText, lineagePath, relationWords, spoken, strengthWord } from "../../../words/lineage.ts";
import { fullTime, near } from "../../../words/time.ts";
import type { edgeOf } from "./picture.ts";

/** Columns before the rest is asked for. */
const COLUMNS = 6;

const NodeLink = ({ node }: { node: LineageNodeView }) => (
  <Link className={`lnk${node.kind === "dataset" ? " m" : ""}`} href={lineagePath(node.ref)}>
    {spoken(node)}
  </Link>
);

export function EdgePanel(props: {
  selected: NonNullable<ReturnType<typeof edgeOf>>;
  at: string | null;
  select: (id: string | null) => void;
}) {
  const { selected, at, select } = props;
  const { edge, line, from, to } = selected;
  const evidence = useEvidence(from.ref, to.ref, at);
  const other = edge === line.edge ? line.back : line.edge;
  return (
    <aside className="lin-panel" aria-label={`Edge from ${spoken(from)} to ${spoken(to)}`}>
      <h2>
        Edge
        {line.mark === "add" && <span className="st ok">new</span>}
        {line.mark === "del" && <span className="st fail">gone</span>}
        <button type="button" className="btn ic q" aria-label="Close" onClick={() => select(null)}>
          <Icon name="cross" />
        </button>
      </h2>
      <p className="lin-says">
        <NodeLink node={from} /> {relationWords(edge.relations)} <NodeLink node={to} />
      </p>
      {evidence.error && (
        <Failure what="The evidence could not be read" error={evidence.error} retry={() => void evidence.refetch()} />
      )}
      {!evidence.data && !evidence.error && <ListSkeleton rows={4} />}
      {evidence.data && <Evidence evidence={evidence.data} />}
      {other && (
        <p className="s">
          <button type="button" className="lnk" onClick={() => select(other.id)}>
            The other way: {spoken(to)} {relationWords(other.relations)} {spoken(from)}
          </button>
        </p>
      )}
    </aside>
  );
}

function Evidence({ evidence }: { evidence: LineageEvidenceView }) {
  const now = useMinute();
  const zone = useZone();
  const [all, setAll] = useState(false);
  const { edge, doubt, candidates, sources, columns } = evidence;
  return (
    <>
      <p className="lin-words">{evidence.text}</p>
      <dl className="kv">
        <dt>Confidence</dt>
        <dd>
          <b className="n">{edge.confidence.toFixed(2)}</b> {strengthWord(edge)}
        </dd>
        <dt>Last seen</dt>
        <dd>
          <time dateTime={edge.lastAt} data-tip={fullTime(edge.lastAt, now, zone)}>
            {near(edge.lastAt, now, zone)}
          </time>
        </dd>
        <dt>From</dt>
        <dd>{evidence.agreement}</dd>
      </dl>
      <DayBars days={evidence.days} />
      {doubt !== null && (
        <section>
          <h3>Why {edge.strength === "unsure" ? "dashed" : "thin"}</h3>
          <p className="s f2">{sentence(doubt)}</p>
          {candidates.length > 1 && (
            <ul className="lin-candidates">
              {candidates.map(({ node, share }) => (
                <li key={node.ref}>
                  <NodeLink node={node} />
                  <span className="n d">{share.toFixed(2)}</span>
                </li>
              ))}
            </ul>
          )}
        </section>
      )}
      {sources.length > 1 && (
        <section>
          <h3>By source</h3>
          <ul className="lin-sources">
            {sources.map((source) => (
              <li key={source.source} className="s">
                <b>{source.source}</b> <span className="n d">{source.confidence.toFixed(2)}</span>
                <br />
                <span className="f2">{source.text}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h3>
          Columns <span className="n d">{columns.length}</span>
        </h3>
        {columns.length === 0 && (
          <p className="s d">
            No source knows columns of this edge; Unity Catalog and OpenLineage events may tell them.
          </p>
        )}
        {columns.length > 0 && (
          <table className="lin-columns">
            <thead>
              <tr>
                <th scope="col">{columns[0]?.from.label}</th>
                <th scope="col">how</th>
                <th scope="col">{columns[0]?.to.label}</th>
              </tr>
            </thead>
            <tbody>
              {(all ? columns : columns.slice(0, COLUMNS)).map((column) => (
                <tr key={`${column.from.ref} ${column.fromColumn} ${column.to.ref} ${column.toColumn}`}>
                  <td className="m">{column.fromColumn}</td>
                  <td className="s d">{column.kind.toLowerCase()}</td>
                  <td className="m">{column.toColumn}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {!all && columns.length > COLUMNS && (
          <button type="button" className="lnk s" onClick={() => setAll(true)}>
            All {counted(columns.length, "column")}
          </button>
        )}
      </section>
    </>
  );
}

/** What was seen, day by day; nothing for a single day. */
function DayBars({ days }: { days: LineageEvidenceView["days"] }) {
  const now = useMinute();
  const sums = new Map<string, number>();
  for (const { day, requests } of days) sums.set(day, (sums.get(day) ?? 0) + Math.max(1, requests));
  if (sums.size < 2) return null;
  const most = Math.max(...sums.values());
  const list = [...sums];
  const [first, last] = [list[0]?.[0] ?? "", list.at(-1)?.[0] ?? ""];
  return (
    <figure className="lin-bars">
      <svg
        viewBox={`0 0 ${list.length * 8} 24`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Seen on ${counted(list.length, "day")} from ${dayText(first, now)} to ${dayText(last, now)}`}
      >
        {list.map(([day, sum], index) => {
          const height = Math.max(2, (22 * sum) / most);
          return <rect key={day} x={index * 8 + 1} y={24 - height} width={6} height={height} />;
        })}
      </svg>
      <figcaption className="s d">
        Seen on {counted(list.length, "day")}, {dayText(first, now)} to {dayText(last, now)}
      </figcaption>
    </figure>
  );
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
