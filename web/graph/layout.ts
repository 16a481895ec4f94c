/** Layered layout of a task graph, left to right: pure, the same input gives the same picture. */
import { heightsOf } from "./heights.ts";
import { columnsOf, type Link, withoutCircles } from "./layers.ts";
import { neighbours, orderColumns } from "./ordering.ts";

/** A task to place: `width` is that of its box in pixels. */
export interface LayoutInput {
  key: string;
  width: number;
  dependsOn: string[];
  /** Where somebody else decides it, the column; then all have one. */
  column?: number;
}

/** A placed box; `x`, `y` are its upper left corner. */
export interface PlacedNode {
  key: string;
  x: number;
  y: number;
  width: number;
  height: number;
  column: number;
}

/** A drawn dependency: an SVG path, and the box it lies in. */
export interface PlacedEdge {
  from: string;
  to: string;
  path: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The picture. */
export interface Layout {
  nodes: PlacedNode[];
  edges: PlacedEdge[];
  width: number;
  height: number;
  /** Keys of each column from top to bottom. */
  columns: string[][];
}

/** Sizes in pixels. */
export interface LayoutSizes {
  nodeHeight: number;
  /** Between boxes of a column. */
  rowGap: number;
  /** Between columns, where the curves are. */
  columnGap: number;
}

const SIZES: LayoutSizes = { nodeHeight: 24, rowGap: 16, columnGap: 32 };
/** Half the room a passing edge takes in a column. */
const PASSING = 6;

interface Graph {
  links: Link[];
  /** Links between next columns only, through passing points. */
  short: Link[];
  /** For each link its points, from the first node to the last. */
  chains: number[][];
  columns: number[][];
  column: number[];
  count: number;
}

/** Gives every link that skips columns a point in each column it passes. */
function withPassingPoints(size: number, links: Link[], column: number[]): Graph {
  const columns: number[][] = [];
  const put = (node: number, at: number) => {
    while (columns.length <= at) columns.push([]);
    columns[at]?.push(node);
  };
  column.forEach((at, node) => {
    put(node, at);
  });
  let count = size;
  const all = [...column];
  const chains = links.map(({ from, to }) => {
    const chain = [from];
    for (let at = (column[from] ?? 0) + 1; at < (column[to] ?? 0); at += 1) {
      all[count] = at;
      put(count, at);
      chain.push(count);
      count += 1;
    }
    chain.push(to);
    return chain;
  });
  const short = chains.flatMap((chain) => chain.slice(1).map((to, index) => ({ from: chain[index] as number, to })));
  return { links, short, chains, columns, column: all, count };
}

const round = (value: number) => Math.round(value * 10) / 10;

/** A curve through the middle of each gap, straight through the columns it passes. */
function pathThrough(points: { x1: number; x2: number; y: number }[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  let text = `M${round(first.x2)} ${round(first.y)}`;
  let from = first;
  for (const point of rest) {
    const bend = (point.x1 - from.x2) / 2;
    text += `C${round(from.x2 + bend)} ${round(from.y)} ${round(point.x1 - bend)} ${round(point.y)} ${round(point.x1)} ${round(point.y)}`;
    if (point !== rest.at(-1)) text += `H${round(point.x2)}`;
    from = point;
  }
  return text;
}

function linksOf(tasks: LayoutInput[]): Link[] {
  const number = new Map(tasks.map((task, index) => [task.key, index]));
  const seen = new Set<string>();
  return tasks.flatMap((task, to) =>
    task.dependsOn.flatMap((key) => {
      const from = number.get(key);
      const name = `${from}>${to}`;
      if (from === undefined || from === to || seen.has(name)) return [];
      seen.add(name);
      return [{ from, to }];
    }),
  );
}

/** An edge within a column: out at the right, around, and in there again. */
function pathAround(from: { x2: number; y: number }, to: { x2: number; y: number }): string {
  const reach = 28;
  return `M${round(from.x2)} ${round(from.y)}C${round(from.x2 + reach)} ${round(from.y)} ${round(to.x2 + reach)} ${round(to.y)} ${round(to.x2)} ${round(to.y)}`;
}

/**
 * Links that lead to the right, and the column of each task. A link that leads to the left is turned for the layout,
 * so that it too passes between the boxes.
 */
function columnsFor(tasks: LayoutInput[], links: Link[]): { straight: Link[]; turned: Link[]; column: number[] } {
  const given = tasks.flatMap((task) => (task.column === undefined ? [] : [task.column]));
  if (given.length < tasks.length) {
    const straight = withoutCircles(tasks.length, links);
    const turned = links.filter((link) => !straight.includes(link)).map(({ from, to }) => ({ from: to, to: from }));
    return { straight, turned, column: columnsOf(tasks.length, straight) };
  }
  const [straight, turned]: [Link[], Link[]] = [[], []];
  for (const link of links) {
    const rightwards = (given[link.from] ?? 0) - (given[link.to] ?? 0);
    if (rightwards < 0) straight.push(link);
    else if (rightwards > 0) turned.push({ from: link.to, to: link.from });
  }
  return { straight, turned, column: given };
}

/**
 * Places tasks in columns, each right of what it depends on, or where their `column` says. Dependencies on unknown
 * tasks and on itself are left out; of a circle one edge is drawn backwards.
 */
export function layoutTasks(tasks: LayoutInput[], sizes: LayoutSizes = SIZES): Layout {
  if (tasks.length === 0) return { nodes: [], edges: [], width: 0, height: 0, columns: [] };
  const links = linksOf(tasks);
  const { straight, turned, column } = columnsFor(tasks, links);
  const graph = withPassingPoints(tasks.length, [...straight, ...turned], column);
  const columns = orderColumns(graph.columns, graph.count, graph.short);
  const half = Array.from({ length: graph.count }, (_, node) =>
    node < tasks.length ? (sizes.nodeHeight + sizes.rowGap) / 2 : PASSING,
  );
  const y = heightsOf(
    columns,
    neighbours(graph.count, graph.short, "before"),
    neighbours(graph.count, graph.short, "after"),
    half,
  );
  const left: number[] = [];
  const right: number[] = [];
  let x = 0;
  for (const column of columns) {
    const width = Math.max(0, ...column.map((node) => tasks[node]?.width ?? 0));
    left.push(x);
    right.push(x + width);
    x += width + sizes.columnGap;
  }
  const nodes = tasks.map((task, node) => {
    const at = graph.column[node] ?? 0;
    const width = (right[at] ?? 0) - (left[at] ?? 0);
    return {
      key: task.key,
      x: left[at] ?? 0,
      y: (y[node] ?? 0) - sizes.nodeHeight / 2,
      width,
      height: sizes.nodeHeight,
      column: at,
    };
  });
  const point = (node: number) => {
    const at = graph.column[node] ?? 0;
    return { x1: left[at] ?? 0, x2: right[at] ?? 0, y: y[node] ?? 0 };
  };
  const edge = (chain: number[], index: number): PlacedEdge => {
    const points = chain.map(point);
    const heights = points.map((each) => each.y);
    const first = points[0] ?? { x1: 0, x2: 0, y: 0 };
    const last = points.at(-1) ?? { x1: 0, x2: 0, y: 0 };
    const back = index >= straight.length && index < graph.chains.length;
    const [from, to] = back ? [chain.at(-1), chain[0]] : [chain[0], chain.at(-1)];
    const leftwards = () => points.map(({ x1, x2, y: at }) => ({ x1: x2, x2: x1, y: at })).reverse();
    return {
      from: tasks[from ?? 0]?.key ?? "",
      to: tasks[to ?? 0]?.key ?? "",
      path: first.x1 === last.x1 ? pathAround(first, last) : pathThrough(back ? leftwards() : points),
      left: Math.min(first.x2, last.x1),
      right: Math.max(first.x2, last.x1),
      top: Math.min(...heights),
      bottom: Math.max(...heights),
    };
  };
  const within = links.filter(({ from, to }) => column[from] === column[to]).map(({ from, to }) => [from, to]);
  return {
    nodes,
    edges: [...graph.chains, ...within].map(edge),
    width: x - sizes.columnGap,
    height: Math.max(...nodes.map((node) => node.y + node.height)) + sizes.rowGap / 2,
    columns: columns.map((column) => column.flatMap((node) => tasks[node]?.key ?? [])),
  };
}
