/** The graph as a list: for readers, keyboards and phones. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import type { TaskNode } from "../../../../src/model/job.ts";
import type { Marks } from "../../../graph/compare.ts";

const MARKS = { same: "", add: "+ ", del: "- ", chg: "~ " } as const;
const ROW = 52;
/** Up to here the list is as long as it is; beyond, it scrolls in a box of its own and draws what is in sight. */
const WHOLE = 200;

function words(task: TaskNode): string {
  if (task.dependsOn.length === 0) return "at the start";
  const shown = task.dependsOn.slice(0, 4).join(", ");
  return `after ${shown}${task.dependsOn.length > 4 ? ` and ${task.dependsOn.length - 4} more` : ""}`;
}

function Row(props: { task: TaskNode; marks: Marks; on: boolean; choose: (task: string) => void }) {
  const { task, marks, on, choose } = props;
  const mark = marks.task(task.key);
  return (
    <button type="button" className={`task-row${on ? " on" : ""}`} aria-pressed={on} onClick={() => choose(task.key)}>
      <span className={`task-name ${mark}`}>
        {MARKS[mark]}
        {task.key}
      </span>
      <span className="d s">{task.type}</span>
      <span className="f2 s cut">{words(task)}</span>
    </button>
  );
}

export function TaskList(props: {
  tasks: TaskNode[];
  marks: Marks;
  on: string | null;
  choose: (task: string | null) => void;
}) {
  const { tasks, marks, on, choose } = props;
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: tasks.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 10,
    enabled: tasks.length > WHOLE,
  });
  if (tasks.length <= WHOLE)
    return (
      <ol className="task-list" aria-label="Tasks">
        {tasks.map((task) => (
          <li key={task.key}>
            <Row task={task} marks={marks} on={task.key === on} choose={choose} />
          </li>
        ))}
      </ol>
    );
  return (
    <div className="task-scroll" ref={box}>
      <ol className="task-list" aria-label="Tasks" style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const task = tasks[index];
          return task ? (
            <li
              key={task.key}
              aria-setsize={tasks.length}
              aria-posinset={index + 1}
              style={{ position: "absolute", top: 0, left: 0, right: 0, transform: `translateY(${start}px)` }}
            >
              <Row task={task} marks={marks} on={task.key === on} choose={choose} />
            </li>
          ) : null;
        })}
      </ol>
    </div>
  );
}
