/** The order of tasks before and after, where a change moves it: two pictures, and the same in words. */
import "../../../graph/graph.css";
import { useMemo } from "react";
import type { JobView } from "../../../../src/model/view.ts";
import type { PlanChange } from "../../../api/plan-change.ts";
import { useJob } from "../../../api/queries.ts";
import { stepsOf, taskOf } from "../../../fields/path.ts";
import { compareGraphs } from "../../../graph/compare.ts";
import { orderWords } from "../../../graph/order-words.ts";
import { SmallGraph } from "../../../graph/small-graph.tsx";
import { counted } from "../../../words/count.ts";

/** More tasks than this make no small picture; the words stay. */
const MOST = 60;
const WORDS = 6;

/** True where a field may move tasks or their dependencies: only then are the graphs asked for. */
export function movesTasks(change: PlanChange): boolean {
  return change.fields.some(({ path }) => {
    const steps = stepsOf(path);
    if (steps[0]?.kind !== "key" || steps[0].key !== "tasks") return false;
    const third = steps[2];
    return steps.length <= 2 || (third?.kind === "key" && ["depends_on", "task_key"].includes(third.key));
  });
}

/** Tasks with changed settings. */
export function changedTasks(change: PlanChange): Set<string> {
  return new Set(change.fields.flatMap(({ path }) => taskOf(stepsOf(path)) ?? []));
}

export function OrderPictures({ graph, change }: { graph: JobView["graph"]; change: PlanChange }) {
  const { before, after } = graph;
  const compared = useMemo(() => compareGraphs(before, after, changedTasks(change)), [before, after, change]);
  if (!compared.differs || before.length === 0 || after.length === 0) return null;
  const words = orderWords(before, after);
  const pictured = Math.max(before.length, after.length) <= MOST;
  return (
    <div className="dags">
      {pictured && (
        <div className="dags-in hs">
          <SmallGraph tasks={before} marks={compared.before} title={`Before: ${counted(before.length, "task")}`} />
          <SmallGraph tasks={after} marks={compared.after} title={`After: ${counted(after.length, "task")}`} />
        </div>
      )}
      <p className={pictured ? "order only-s" : "order"}>
        Order:{" "}
        {words.slice(0, WORDS).map(({ task, words: line }, index) => (
          <span key={task}>
            {index > 0 && "; "}
            <b>{task}</b> {line}
          </span>
        ))}
        {words.length > WORDS ? `; and ${words.length - WORDS} more.` : "."}
      </p>
    </div>
  );
}

export function OrderChange({ change }: { change: PlanChange }) {
  const wanted = change.action === "update" && movesTasks(change);
  const job = useJob(change.resource, wanted);
  return wanted && job.data ? <OrderPictures graph={job.data.graph} change={change} /> : null;
}
