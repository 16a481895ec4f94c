import { describe, expect, it } from "vitest";
import { spread } from "./heights.ts";
import { columnsOf, withoutCircles } from "./layers.ts";
import { type LayoutInput, layoutTasks } from "./layout.ts";
import { countCrossings, neighbours } from "./ordering.ts";

const task = (key: string, ...dependsOn: string[]): LayoutInput => ({ key, width: 80, dependsOn });

/** A number in [0, 1) that follows from the seed alone. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function randomTasks(count: number, seed: number): LayoutInput[] {
  const next = random(seed);
  return Array.from({ length: count }, (_, index) =>
    task(
      `t${index}`,
      ...Array.from({ length: index === 0 ? 0 : Math.floor(next() * 3) }, () => `t${Math.floor(next() * index)}`),
    ),
  );
}

const sales = [
  task("load_orders"),
  task("load_lines"),
  task("enrich", "load_orders", "load_lines"),
  task("revenue", "enrich"),
  task("basket", "enrich"),
  task("check", "revenue", "basket"),
  task("publish", "check"),
];

describe("layout of tasks", () => {
  it("puts each task right of what it depends on", () => {
    const { nodes, columns } = layoutTasks(sales);
    const x = new Map(nodes.map((node) => [node.key, node.x]));
    for (const { key, dependsOn } of sales)
      for (const other of dependsOn) expect(x.get(key)).toBeGreaterThan(x.get(other) ?? 0);
    expect(columns).toEqual([["load_orders", "load_lines"], ["enrich"], ["revenue", "basket"], ["check"], ["publish"]]);
  });

  it("stands a join in the middle of what it joins", () => {
    const { nodes } = layoutTasks(sales);
    const middle = (key: string) => {
      const node = nodes.find((each) => each.key === key);
      return (node?.y ?? 0) + (node?.height ?? 0) / 2;
    };
    expect(middle("enrich")).toBeCloseTo((middle("load_orders") + middle("load_lines")) / 2, 5);
    expect(middle("publish")).toBeCloseTo(middle("check"), 5);
  });

  it("lets no boxes overlap, leaves nothing outside, and forgets no edge", () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const tasks = randomTasks(120, seed);
      const { nodes, edges, width, height } = layoutTasks(tasks);
      expect(nodes).toHaveLength(120);
      expect(edges).toHaveLength(tasks.reduce((sum, each) => sum + new Set(each.dependsOn).size, 0));
      for (const a of nodes) {
        expect(a.x).toBeGreaterThanOrEqual(0);
        expect(a.y).toBeGreaterThanOrEqual(0);
        expect(a.x + a.width).toBeLessThanOrEqual(width + 0.001);
        expect(a.y + a.height).toBeLessThanOrEqual(height + 0.001);
        for (const b of nodes)
          if (a !== b && a.column === b.column) expect(Math.abs(a.y - b.y)).toBeGreaterThanOrEqual(39.99);
      }
    }
  });

  it("is the same for the same input", () => {
    expect(layoutTasks(randomTasks(200, 7))).toEqual(layoutTasks(randomTasks(200, 7)));
  });

  it("draws a graph with a circle, with itself as dependency, and with unknown dependencies", () => {
    const { nodes, edges } = layoutTasks([task("a", "c", "a", "gone"), task("b", "a"), task("c", "b")]);
    expect(nodes).toHaveLength(3);
    expect(edges.map(({ from, to }) => `${from}>${to}`).sort()).toEqual(["a>b", "b>c", "c>a"]);
  });

  it("draws nothing for no tasks", () => {
    expect(layoutTasks([])).toEqual({ nodes: [], edges: [], width: 0, height: 0, columns: [] });
  });

  it("untangles crossings that need not be", () => {
    const tasks = [
      task("a"),
      task("b"),
      task("c"),
      task("z", "a"),
      task("y", "b"),
      task("x", "c"),
      task("end", "x", "y", "z"),
    ];
    const reversed = [...tasks.slice(0, 3), tasks[5], tasks[4], tasks[3], tasks[6]] as LayoutInput[];
    const { nodes } = layoutTasks(reversed);
    const y = (key: string) => nodes.find((node) => node.key === key)?.y ?? 0;
    expect(["a", "b", "c"].map(y)).toEqual(["z", "y", "x"].map(y));
  });

  it("places 1,000 tasks of a wide fan, column by column", () => {
    const tasks = [
      task("start"),
      ...Array.from({ length: 998 }, (_, index) => task(`load_${index}`, "start")),
      task("end", ...Array.from({ length: 998 }, (_, index) => `load_${index}`)),
    ];
    const { columns, height } = layoutTasks(tasks);
    expect(columns.map((column) => column.length)).toEqual([1, 998, 1]);
    expect(height).toBeGreaterThanOrEqual(997 * 40);
  });
});

describe("steps of the layout", () => {
  it("moves a source next to its first dependent", () => {
    const links = [
      { from: 0, to: 1 },
      { from: 1, to: 2 },
      { from: 3, to: 2 },
    ];
    expect(columnsOf(4, links)).toEqual([0, 1, 2, 1]);
  });

  it("takes one link out of a circle", () => {
    const links = [
      { from: 0, to: 1 },
      { from: 1, to: 0 },
    ];
    expect(withoutCircles(2, links)).toEqual([{ from: 0, to: 1 }]);
  });

  it("counts crossings as drawing every pair would", () => {
    const next = random(11);
    const links = Array.from({ length: 60 }, () => ({
      from: Math.floor(next() * 10),
      to: 10 + Math.floor(next() * 10),
    }));
    const columns = [
      [3, 1, 4, 0, 5, 9, 2, 6, 8, 7],
      [12, 17, 11, 18, 10, 13, 19, 14, 16, 15],
    ];
    const place = (node: number) => Math.max(columns[0]?.indexOf(node) ?? -1, columns[1]?.indexOf(node) ?? -1);
    let pairs = 0;
    for (let a = 0; a < links.length; a += 1)
      for (let b = a + 1; b < links.length; b += 1) {
        const [one, two] = [links[a], links[b]];
        if (one && two && (place(one.from) - place(two.from)) * (place(one.to) - place(two.to)) < 0) pairs += 1;
      }
    expect(countCrossings(columns, neighbours(20, links, "after"))).toBe(pairs);
  });

  it("spreads places as near to the wishes as the gaps allow", () => {
    expect(spread([0, 0, 0], [0, 10, 10])).toEqual([-10, 0, 10]);
    expect(spread([0, 100, 105], [0, 10, 10])).toEqual([0, 97.5, 107.5]);
    expect(spread([5], [0])).toEqual([5]);
  });
});

it("leads a line to the left between the boxes, from the left side of one to the right side of the other", () => {
  const { nodes, edges } = layoutTasks([
    { key: "table", width: 100, dependsOn: ["job"], column: 0 },
    { key: "between", width: 100, dependsOn: ["table"], column: 1 },
    { key: "job", width: 100, dependsOn: ["between"], column: 2 },
  ]);
  const back = edges.find(({ from, to }) => from === "job" && to === "table");
  const [table, between, job] = ["table", "between", "job"].map((key) => nodes.find((node) => node.key === key));
  if (!back || !table || !between || !job) throw new Error("something is missing");
  expect(back.path.startsWith(`M${job.x} `)).toBe(true);
  expect(back.path.split(" ").at(-2)).toBe(String(table.x + table.width));
  // It passes the column between above or below its box.
  const passed = /(\d+(?:\.\d+)?)H/.exec(back.path)?.[1];
  const inside = Number(passed) > between.y && Number(passed) < between.y + between.height;
  expect([passed !== undefined, inside]).toEqual([true, false]);
});
