/** A job's graph as a small still picture, with marks for what comes, goes or changes. */
import { useMemo } from "react";
import type { TaskNode } from "../../src/model/job.ts";
import type { Mark, Marks } from "./compare.ts";
import { layoutTasks } from "./layout.ts";
import { fitted, textWidth } from "./measure.ts";

const SIGN: Record<Mark, string> = { same: "", add: "+ ", del: "- ", chg: "~ " };

export function SmallGraph({ tasks, marks, title }: { tasks: TaskNode[]; marks: Marks; title: string }) {
  const picture = useMemo(() => {
    const label = (key: string) => SIGN[marks.task(key)] + fitted(key);
    const layout = layoutTasks(
      tasks.map((task) => ({ ...task, width: Math.ceil(textWidth(label(task.key), 600)) + 24 })),
      { nodeHeight: 24, rowGap: 16, columnGap: 24 },
    );
    return { ...layout, label };
  }, [tasks, marks]);
  return (
    <figure className="small-graph">
      <figcaption className="s d">{title}</figcaption>
      <div className="small-graph-in">
        <svg
          className="dag"
          role="img"
          aria-label={title}
          width={picture.width + 2}
          height={picture.height}
          viewBox={`-1 -1 ${picture.width + 2} ${picture.height}`}
        >
          {picture.edges.map((edge) => (
            <path key={`${edge.from}>${edge.to}`} className={marks.edge(edge.from, edge.to)} d={edge.path} />
          ))}
          {picture.nodes.map((node) => (
            <g key={node.key} className={marks.task(node.key)}>
              <rect x={node.x} y={node.y} width={node.width} height={node.height} rx={node.height / 2} />
              <text x={node.x + node.width / 2} y={node.y + 16} textAnchor="middle">
                {picture.label(node.key)}
              </text>
            </g>
          ))}
        </svg>
      </div>
    </figure>
  );
}
