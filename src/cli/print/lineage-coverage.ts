/** What the sources of lineage saw, as text. */
import type { LineageCoverageView } from "../../model/view-lineage.ts";
import { countsText, momentText, warningLines } from "./lineage-node.ts";
import type { Style } from "./style.ts";
import { table } from "./table.ts";
import { count, group } from "./value.ts";

export function coverageText(style: Style, view: LineageCoverageView): string {
  const { counts, sources } = view;
  if (sources.length === 0) return "the store has no lineage yet; headgate lineage ingest reads the sources into it\n";
  const lines = [
    `${countsText(counts)}, ${count(counts.edges, "edge")}: ${group(counts.sure)} sure, ${group(counts.likely)} likely, ${group(counts.unsure)} unsure  ${momentText(style, view)}`,
    "",
    ...table(
      style,
      [
        { title: "source" },
        { title: "first day" },
        { title: "last day" },
        { title: "days", align: "right" },
        { title: "missing", align: "right" },
        { title: "requests", align: "right" },
        { title: "ambiguous", align: "right" },
      ],
      sources.map((one) => [
        one.source,
        one.firstDay,
        one.lastDay,
        group(one.days),
        group(one.missingDays.length),
        group(one.requests),
        one.ambiguousShare === null ? "" : `${(one.ambiguousShare * 100).toFixed(1)} %`,
      ]),
    ),
  ];
  const warnings = warningLines(style, view.warnings);
  if (warnings.length > 0) lines.push("", ...warnings);
  return `${lines.join("\n")}\n`;
}
