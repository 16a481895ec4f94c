/** The graph of a job: scroll, drag or zoom it, choose a task by mouse or arrow keys. Only what is in sight is drawn. */
import "./graph.css";
import { type KeyboardEvent, useCallback, useLayoutEffect, useMemo, useRef } from "react";
import type { TaskNode } from "../../src/model/job.ts";
import { Icon } from "../components/icon.tsx";
import { reachable } from "../components/reachable.ts";
import { counted } from "../words/count.ts";
import { dependentsOf, type Marks } from "./compare.ts";
import { type Layout, layoutTasks } from "./layout.ts";
import { fitted, textWidth } from "./measure.ts";
import { Overview } from "./overview.tsx";
import { useDrag, useViewport } from "./viewport.ts";

/** Margin around the picture. */
const PAD = 24;
/** Below this scale letters cannot be read, so none are drawn. */
const READABLE = 0.55;
const SIGN = { same: "", add: "+ ", del: "- ", chg: "~ " } as const;

/** The task an arrow key leads to. */
function stepFrom(layout: Layout, tasks: TaskNode[], on: string | null, key: string): string | undefined {
  const first = layout.columns[0]?.[0];
  if (on === null) return first;
  const node = layout.nodes.find((each) => each.key === on);
  const column = layout.columns[node?.column ?? 0] ?? [];
  const place = column.indexOf(on);
  if (key === "ArrowUp") return column[place - 1];
  if (key === "ArrowDown") return column[place + 1];
  const near = key === "ArrowLeft" ? tasks.find((task) => task.key === on)?.dependsOn : dependentsOf(tasks).get(on);
  const y = (name: string) => Math.abs((layout.nodes.find((each) => each.key === name)?.y ?? 0) - (node?.y ?? 0));
  return [...(near ?? [])].sort((a, b) => y(a) - y(b))[0];
}

export function TaskGraph(props: {
  tasks: TaskNode[];
  marks: Marks;
  on: string | null;
  choose: (task: string | null) => void;
}) {
  const { tasks, marks, on, choose } = props;
  const box = useRef<HTMLDivElement>(null);
  const layout = useMemo(
    () =>
      layoutTasks(
        tasks.map((task) => {
          const words = textWidth(SIGN[marks.task(task.key)] + fitted(task.key), 600) + textWidth(task.type) + 8;
          return { ...task, width: Math.ceil(words) + 24 };
        }),
        { nodeHeight: 28, rowGap: 12, columnGap: 40 },
      ),
    [tasks, marks],
  );
  const types = useMemo(() => new Map(tasks.map((task) => [task.key, task.type])), [tasks]);
  const { scale, sight, zoom, showAll } = useViewport(box, layout);
  useDrag(box);

  // A high graph starts in the middle of its first column.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    element.scrollTop = Math.max(0, (layout.height + 2 * PAD - element.clientHeight) / 2);
  }, [layout]);

  const show = useCallback(
    (key: string) => {
      const node = layout.nodes.find((each) => each.key === key);
      const element = box.current;
      if (!node || !element) return;
      const x = (node.x + PAD) * scale;
      const y = (node.y + PAD) * scale;
      const out =
        x < element.scrollLeft ||
        y < element.scrollTop ||
        x + node.width * scale > element.scrollLeft + element.clientWidth ||
        y + node.height * scale > element.scrollTop + element.clientHeight;
      if (out) element.scrollTo(x - element.clientWidth / 2, y - element.clientHeight / 2);
    },
    [layout, scale],
  );
  useLayoutEffect(() => {
    if (on !== null) show(on);
  }, [on, show]);

  const press = (event: KeyboardEvent) => {
    if (event.key.startsWith("Arrow")) {
      const next = stepFrom(layout, tasks, on, event.key);
      if (next !== undefined) choose(next);
    } else if (event.key === "+" || event.key === "=") zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else if (event.key === "0") showAll();
    else return;
    event.preventDefault();
  };

  // The picture is hidden from readers, who have the list; so its clicks are no buttons.
  useLayoutEffect(() => {
    const element = box.current;
    const click = (event: MouseEvent) => {
      const task = event.target instanceof Element ? event.target.closest<SVGGElement>("[data-task]") : null;
      if (task?.dataset.task !== undefined) choose(task.dataset.task);
    };
    element?.addEventListener("click", click);
    return () => element?.removeEventListener("click", click);
  }, [choose]);

  const near = useMemo(() => {
    if (on === null) return null;
    const task = tasks.find((each) => each.key === on);
    return new Set([on, ...(task?.dependsOn ?? []), ...(dependentsOf(tasks).get(on) ?? [])]);
  }, [tasks, on]);
  const inSight = (left: number, top: number, right: number, bottom: number) =>
    right + PAD >= sight.left && left + PAD <= sight.right && bottom + PAD >= sight.top && top + PAD <= sight.bottom;
  const width = layout.width + 2 * PAD;
  const height = layout.height + 2 * PAD;
  const large = layout.nodes.length > 60;
  return (
    <div className="graph">
      <div
        className="graph-in"
        ref={box}
        // As high as the picture, where that fits.
        style={{ height: Math.max(96, layout.height + 2 * PAD + 16) }}
        role="application"
        {...reachable}
        aria-label={`Graph of ${counted(tasks.length, "task")}. Arrow keys choose a task, plus and minus zoom. The list shows the same.`}
        onKeyDown={press}
      >
        <div className="graph-space" style={{ width: width * scale, height: height * scale }}>
          <svg
            className={scale < READABLE ? "dag far" : "dag"}
            width={width * scale}
            height={height * scale}
            viewBox={`${-PAD} ${-PAD} ${width} ${height}`}
            aria-hidden="true"
          >
            {layout.edges.map((edge) =>
              inSight(edge.left, edge.top, edge.right, edge.bottom) ? (
                <path
                  key={`${edge.from}>${edge.to}`}
                  className={`${marks.edge(edge.from, edge.to)}${on === null ? "" : edge.from === on || edge.to === on ? " hot" : " dim"}`}
                  d={edge.path}
                />
              ) : null,
            )}
            {layout.nodes.map((node) =>
              inSight(node.x, node.y, node.x + node.width, node.y + node.height) ? (
                <Node
                  key={node.key}
                  node={node}
                  mark={marks.task(node.key)}
                  type={types.get(node.key) ?? ""}
                  words={scale >= READABLE}
                  state={node.key === on ? "on" : near?.has(node.key) ? "near" : ""}
                />
              ) : null,
            )}
          </svg>
        </div>
      </div>
      <div className="graph-tools">
        <button type="button" className="btn ic" aria-label="Smaller" onClick={() => zoom(0.8)}>
          <Icon name="minus" />
        </button>
        <button type="button" className="btn ic" aria-label="Larger" onClick={() => zoom(1.25)}>
          <Icon name="plus" />
        </button>
        <button type="button" className="btn ic" aria-label="Whole graph" data-tip="Whole graph" onClick={showAll}>
          <Icon name="fit" />
        </button>
      </div>
      {large && scale >= READABLE && <Overview layout={layout} box={box} scale={scale} on={on} />}
    </div>
  );
}

function Node(props: {
  node: { key: string; x: number; y: number; width: number; height: number };
  mark: keyof typeof SIGN;
  type: string;
  words: boolean;
  state: string;
}) {
  const { node, mark, state } = props;
  const label = SIGN[mark] + fitted(node.key);
  return (
    <g className={`nd ${mark} ${state}`} data-task={node.key} data-tip={label.includes("…") ? node.key : undefined}>
      <rect x={node.x} y={node.y} width={node.width} height={node.height} rx={node.height / 2} />
      {props.words && (
        <text x={node.x + 12} y={node.y + 18}>
          {label}
          <tspan className="kind" dx={6}>
            {props.type}
          </tspan>
        </text>
      )}
    </g>
  );
}
