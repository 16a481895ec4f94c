/** The graph for a narrow screen: a small picture to see its shape, then who comes before and after, one under the other. */
import { useMemo } from "react";
import { Link } from "wouter";
import type { JobRow } from "../../../../src/model/view.ts";
import { useMinute } from "../../../api/use-live.ts";
import { Icon } from "../../../components/icon.tsx";
import { layoutTasks } from "../../../graph/layout.ts";
import { useZone } from "../../../shell/zone.ts";
import { counted } from "../../../words/count.ts";
import { relationWords, seenText, spoken, strengthWord } from "../../../words/lineage.ts";
import { boxPath, boxWords } from "./box-link.tsx";
import type { Box, Line, Picture } from "./picture.ts";
import type { FocusUrl } from "./use-focus-url.ts";

const SIZES = { nodeHeight: 16, rowGap: 8, columnGap: 32 };

interface NearProps {
  picture: Picture;
  focus: string;
  jobs: ReadonlyMap<string, JobRow> | undefined;
  selected: string | null;
  select: (id: string | null) => void;
  url: FocusUrl;
}

export function NearList(props: NearProps) {
  const { picture, focus } = props;
  const now = useMinute();
  const zone = useZone();
  const own = picture.boxes.find(({ key }) => key === focus);
  const before = picture.boxes.filter(({ level }) => level < 0).sort((a, b) => b.level - a.level);
  const after = picture.boxes.filter(({ level }) => level > 0).sort((a, b) => a.level - b.level);
  return (
    <div className="lin-near">
      <Small {...props} />
      <Part {...props} title="Comes from" boxes={before} />
      {own && (
        <p className="lin-own">
          <b>{own.node ? spoken(own.node) : ""}</b>
          <span className="s d">{boxWords(own, props.jobs, now, zone).below}</span>
        </p>
      )}
      <Part {...props} title="Feeds" boxes={after} />
    </div>
  );
}

function Small({ picture, focus, selected }: NearProps) {
  const layout = useMemo(() => {
    const first = Math.min(...picture.boxes.map(({ level }) => level));
    const sources = new Map<string, string[]>();
    for (const { from, to } of picture.lines) sources.set(to, [...(sources.get(to) ?? []), from]);
    return layoutTasks(
      picture.boxes.map(({ key, level }) => ({
        key,
        column: level - first,
        width: 64,
        dependsOn: sources.get(key) ?? [],
      })),
      SIZES,
    );
  }, [picture]);
  const lines = new Map(picture.lines.map((line) => [`${line.from}>${line.to}`, line]));
  const boxes = new Map(picture.boxes.map((box) => [box.key, box]));
  return (
    <svg
      className="lin-small"
      viewBox={`-8 -4 ${layout.width + 16} ${layout.height + 8}`}
      role="img"
      aria-label={`Picture of ${counted(picture.boxes.length, "box", "boxes")}; the lists below say the same`}
    >
      {layout.edges.map((edge) => {
        const line = lines.get(`${edge.from}>${edge.to}`);
        const tone = line?.id === selected ? "sel" : line?.mark === "same" ? "near" : line?.mark;
        const unsure = line?.edge?.strength === "unsure" && line.mark !== "del" ? " unsure" : "";
        return <path key={`${edge.from}>${edge.to}`} className={`e ${tone}${unsure}`} d={edge.path} />;
      })}
      {layout.nodes.map((node) => (
        <rect
          key={node.key}
          className={node.key === focus ? "on" : boxes.get(node.key)?.mark}
          x={node.x}
          y={node.y}
          width={node.width}
          height={node.height}
          rx={boxes.get(node.key)?.node?.kind === "dataset" ? 2 : 8}
        />
      ))}
    </svg>
  );
}

/** The line that joins a box to one a step nearer to the focus, the most certain one. */
function lineTo(picture: Picture, box: Box): Line | undefined {
  const levels = new Map(picture.boxes.map(({ key, level }) => [key, level]));
  const nearer = (other: string) => Math.abs(levels.get(other) ?? 0) < Math.abs(box.level);
  return picture.lines
    .filter(({ from, to }) => (from === box.key && nearer(to)) || (to === box.key && nearer(from)))
    .sort((a, b) => (b.edge?.confidence ?? 0) - (a.edge?.confidence ?? 0))[0];
}

function Part(props: NearProps & { title: string; boxes: Box[] }) {
  const { picture, title, boxes, jobs, selected, select, url } = props;
  const now = useMinute();
  const zone = useZone();
  const tables = boxes.filter(({ node }) => node?.kind === "dataset").length;
  const others = boxes.filter(({ node }) => node !== null && node.kind !== "dataset").length;
  return (
    <section>
      <h2>
        {title}{" "}
        <span className="d">
          {boxes.length === 0 ? "nothing that was seen" : `${counted(others, "job")}, ${counted(tables, "table")}`}
        </span>
      </h2>
      <ul>
        {boxes.map((box) => {
          const words = boxWords(box, jobs, now, zone);
          const line = lineTo(picture, box);
          return (
            <li key={box.key} className={line?.id === selected ? "on" : undefined}>
              <Link href={boxPath(box, url)} className="cut">
                {words.tone && (
                  <span className={`st ${words.tone}`}>
                    <Icon size={12} />
                  </span>
                )}{" "}
                <b>{box.node ? spoken(box.node) : words.name}</b>
              </Link>
              {line?.edge ? (
                <button type="button" className="lnk s" onClick={() => select(line.id)}>
                  {box.mark === "del" ? "gone" : strengthWord(line.edge)}
                </button>
              ) : (
                <span className="s d">folded</span>
              )}
              <span className="s d cut">
                {line?.edge ? `${relationWords(line.edge.relations)}: ${seenText(line.edge)}` : words.below}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
