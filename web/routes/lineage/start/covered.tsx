/** What the sources cover. */
import type { LineageCoverageView } from "../../../../src/model/view-lineage.ts";
import { useMinute } from "../../../api/use-live.ts";
import { counted, grouped } from "../../../words/count.ts";
import { dayText } from "../../../words/lineage.ts";

export function Covered({ coverage }: { coverage: LineageCoverageView }) {
  const now = useMinute();
  const { sure, likely, unsure, edges } = coverage.counts;
  return (
    <section className="lin-few">
      <h2>Coverage</h2>
      <p className="s f2">
        Of {counted(edges, "edge")} {grouped(sure)} {sure === 1 ? "is" : "are"} sure, {grouped(likely)} likely,{" "}
        {grouped(unsure)} ambiguous or inferred.
      </p>
      <ul>
        {coverage.sources.map((source) => (
          <li key={source.source}>
            <span className="cut">{source.source}</span>
            <span className="n s f2 nw">
              {dayText(source.firstDay, now)} to {dayText(source.lastDay, now)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
