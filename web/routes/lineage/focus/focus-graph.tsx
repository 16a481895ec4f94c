/** The graph around a focus, left to right: boxes are links that refocus, lines are chosen with a click. */
import "../../../graph/graph.css";
import { useLayoutEffect, useMemo, useRef } from "react";
import type { JobRow } from "../../../../src/model/view.ts";
import { useMinute } from "../../../api/use-live.ts";
import { Icon } from "../../../components/icon.tsx";
import { layoutTasks, type PlacedNode } from "../../../graph/layout.ts";
import { textWidth } from "../../../graph/measure.ts";
import { useDrag, useViewport } from "../../../graph/viewport.ts";
import { useZone } from "../../../shell/zone.ts";
import { counted } from "../../../words/count.ts";
import { BoxLink, type BoxWords, boxWords } from "./box-link.tsx";
import { type Picture, thicknessOf } from "./picture.ts";
import type { FocusUrl } from "./use-focus-url.ts";

/** Margin around the picture. */
const PAD = 16;
const SIZES = { nodeHeight: 40, rowGap: 20, columnGap: 48 };
const WIDTH = { least: 104, most: 184 };
/** A picture that is a little too wide is made smaller, down to this; beyond, it is scrolled. */
const SMALLEST_FIT = 0.72;

function widthOf(words: BoxWords): number {
  // A pill has its icon beside its name, a rectangle two lines.
  const text = words.pill ? textWidth(words.name) + 16 : Math.max(textWidth(words.name, 600), textWidth(words.below));
  return Math.ceil(Math.min(WIDTH.most, Math.max(WIDTH.least, text + 24)));
}

/** The box that an arrow key leads to from one that has the focus. */
function stepFrom(nodes: readonly PlacedNode[], on: PlacedNode, key: string): PlacedNode | undefined {
  const way = key === "ArrowLeft" ? -1 : 1;
  if (key === "ArrowLeft" || key === "ArrowRight")
    return nodes
      .filter(({ column }) => column === on.column + way)
      .sort((a, b) => Math.abs(a.y - on.y) - Math.abs(b.y - on.y))[0];
  const column = nodes.filter((node) => node.column === on.column).sort((a, b) => a.y - b.y);
  return column[column.indexOf(on) + (key === "ArrowUp" ? -1 : 1)];
}

export function FocusGraph(props: {
  picture: Picture;
  focus: string;
  jobs: ReadonlyMap<string, JobRow> | undefined;
  /** Id of the chosen line. */
  selected: string | null;
  select: (id: string | null) => void;
  url: FocusUrl;
}) {
  const { picture, focus, jobs, selected, select, url } = props;
  const box = useRef<HTMLDivElement>(null);
  const now = useMinute();
  const zone = useZone();
  const words = useMemo(
    () => new Map(picture.boxes.map((each) => [each.key, boxWords(each, jobs, now, zone)])),
    [picture, jobs, now, zone],
  );
  const layout = useMemo(() => {
    const first = Math.min(...picture.boxes.map(({ level }) => level));
    const sources = new Map<string, string[]>();
    for (const { from, to } of picture.lines) sources.set(to, [...(sources.get(to) ?? []), from]);
    return layoutTasks(
      picture.boxes.map((each) => ({
        key: each.key,
        column: each.level - first,
        width: widthOf(words.get(each.key) as BoxWords),
        dependsOn: sources.get(each.key) ?? [],
      })),
      SIZES,
    );
  }, [picture, words]);
  const places = useMemo(() => new Map(layout.nodes.map((node) => [node.key, node])), [layout]);
  const paths = useMemo(() => new Map(layout.edges.map((edge) => [`${edge.from}>${edge.to}`, edge])), [layout]);
  const { scale, sight, zoom, showAll, fitTo } = useViewport(box, layout);
  useDrag(box);

  // The focus stands in the middle of what is in sight, wherever the picture is larger than that.
  const placed = places.get(focus);
  const [x, y, width] = [placed?.x ?? 0, placed?.y ?? 0, placed?.width ?? 0];
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    element.scrollLeft = (x + width / 2 + PAD) * scale - element.clientWidth / 2;
    element.scrollTop = (y + SIZES.nodeHeight / 2 + PAD) * scale - element.clientHeight / 2;
  }, [x, y, width, scale]);
  useLayoutEffect(
    () => fitTo({ width: layout.width + 2 * PAD, height: layout.height + 2 * PAD }, SMALLEST_FIT),
    [layout.width, layout.height, fitTo],
  );

  // The picture's lines are no buttons: the table is for keys and readers. Arrows move between its boxes, which are links.
  const held = useRef({ layout, places, focus, zoom, showAll });
  held.current = { layout, places, focus, zoom, showAll };
  useLayoutEffect(() => {
    const element = box.current;
    const click = (event: MouseEvent) => {
      const line = event.target instanceof Element ? event.target.closest<SVGElement>("[data-line]") : null;
      if (line?.dataset.line !== undefined) select(line.dataset.line);
    };
    const press = (event: KeyboardEvent) => {
      const now = held.current;
      if (event.key.startsWith("Arrow")) {
        const key = event.target instanceof HTMLElement ? event.target.dataset.box : undefined;
        const on = now.places.get(key ?? now.focus);
        const next = on && stepFrom(now.layout.nodes, on, event.key);
        const target = next && element?.querySelector<HTMLElement>(`[data-box="${CSS.escape(next.key)}"]`);
        if (!target) return;
        target.focus();
      } else if (event.key === "+" || event.key === "=") now.zoom(1.25);
      else if (event.key === "-") now.zoom(0.8);
      else if (event.key === "0") now.showAll();
      else return;
      event.preventDefault();
    };
    element?.addEventListener("click", click);
    element?.addEventListener("keydown", press);
    return () => {
      element?.removeEventListener("click", click);
      element?.removeEventListener("keydown", press);
    };
  }, [select]);

  const inSight = (left: number, top: number, right: number, bottom: number) =>
    right + PAD >= sight.left && left + PAD <= sight.right && bottom + PAD >= sight.top && top + PAD <= sight.bottom;
  const whole = { width: layout.width + 2 * PAD, height: layout.height + 2 * PAD };
  const nodes = picture.boxes.length;
  return (
    <div className="graph lin-graph">
      <section
        className="graph-in"
        ref={box}
        aria-label={`Graph of ${counted(nodes, "box", "boxes")}. Arrow keys move, Enter looks at a box, T shows the same as a table.`}
      >
        <div className="graph-space" style={{ width: whole.width * scale, height: whole.height * scale }}>
          <div className="lin-paper" style={{ ...whole, transform: `scale(${scale})` }}>
            <svg {...whole} viewBox={`${-PAD} ${-PAD} ${whole.width} ${whole.height}`} aria-hidden="true">
              <Arrows />
              {picture.lines.map((line) => {
                const path = paths.get(`${line.from}>${line.to}`);
                if (!path || !inSight(path.left - 40, path.top, path.right + 40, path.bottom)) return null;
                const near = line.from === focus || line.to === focus;
                const on = line.id === selected;
                const tone = on ? "sel" : line.mark !== "same" ? line.mark : near ? "near" : "cold";
                const style = line.edge?.strength === "unsure" && line.mark !== "del" ? " unsure" : "";
                return (
                  <g key={line.id} data-line={line.edge ? line.id : undefined}>
                    {line.edge && <path className="reach" d={path.path} />}
                    <path
                      className={`e ${tone}${style}`}
                      d={path.path}
                      strokeWidth={thicknessOf(line.edge)}
                      markerEnd={`url(#lin-${tone})`}
                      markerStart={line.back ? `url(#lin-${tone})` : undefined}
                    />
                  </g>
                );
              })}
            </svg>
            {picture.boxes.map((each) => {
              const place = places.get(each.key);
              if (!place) return null;
              const shown =
                each.key === focus || inSight(place.x, place.y, place.x + place.width, place.y + place.height);
              return (
                shown && (
                  <BoxLink
                    key={each.key}
                    box={each}
                    words={words.get(each.key) as BoxWords}
                    place={place}
                    pad={PAD}
                    focus={each.key === focus}
                    url={url}
                  />
                )
              );
            })}
            {picture.lines.map((line) => {
              const path = line.mark === "same" ? undefined : paths.get(`${line.from}>${line.to}`);
              return (
                path && (
                  <span
                    key={line.id}
                    className={`lin-sign ${line.mark}`}
                    aria-hidden="true"
                    style={{ left: (path.left + path.right) / 2 + PAD, top: (path.top + path.bottom) / 2 + PAD }}
                  >
                    {line.mark === "add" ? "+" : "−"}
                  </span>
                )
              );
            })}
          </div>
        </div>
      </section>
      <div className="lin-legend s f2">
        <span>
          <i className="le sure" /> sure
        </span>
        <span>
          <i className="le likely" /> likely
        </span>
        <span>
          <i className="le unsure" /> ambiguous or inferred
        </span>
        {url.diff !== null && (
          <>
            <span>
              <i className="le add" /> new
            </span>
            <span>
              <i className="le del" /> gone
            </span>
          </>
        )}
        <span className="lin-zoom hs">
          <button type="button" className="btn ic" aria-label="Smaller" onClick={() => zoom(0.8)}>
            <Icon name="minus" />
          </button>
          <button type="button" className="btn ic" aria-label="Larger" onClick={() => zoom(1.25)}>
            <Icon name="plus" />
          </button>
          <button type="button" className="btn ic" aria-label="Whole graph" data-tip="Whole graph" onClick={showAll}>
            <Icon name="fit" />
          </button>
        </span>
      </div>
    </div>
  );
}

const TONES = ["cold", "near", "sel", "add", "del"] as const;

/** Heads of lines, one a colour. */
function Arrows() {
  return (
    <defs>
      {TONES.map((tone) => (
        <marker
          key={tone}
          id={`lin-${tone}`}
          viewBox="0 0 8 8"
          refX="6.5"
          refY="4"
          markerWidth="10"
          markerHeight="10"
          markerUnits="userSpaceOnUse"
          orient="auto-start-reverse"
        >
          <path className={`mk ${tone}`} d="M0 .5L7 4 0 7.5z" />
        </marker>
      ))}
    </defs>
  );
}
