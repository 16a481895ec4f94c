/** Definition of a job: its graph, the same as a list, and as text; beside it the chosen task. */
import { useCallback, useMemo } from "react";
import type { JobView } from "../../../../src/model/view.ts";
import type { PlanChange } from "../../../api/plan-change.ts";
import { useUrl } from "../../../api/use-url.ts";
import { Empty } from "../../../components/empty.tsx";
import { Icon } from "../../../components/icon.tsx";
import type { JsonObject } from "../../../fields/json-value.ts";
import { compareGraphs, dependentsOf, type Marks } from "../../../graph/compare.ts";
import { TaskGraph } from "../../../graph/task-graph.tsx";
import { useKeys } from "../../../shell/keys.ts";
import { counted } from "../../../words/count.ts";
import { changedTasks } from "../plan/order-change.tsx";
import { DefinitionView } from "./definition-view.tsx";
import { TaskList } from "./task-list.tsx";
import { TaskPanel } from "./task-panel.tsx";

const VIEWS = [
  { view: "graph", name: "Graph", icon: "jobs" },
  { view: "list", name: "List", icon: "list" },
  { view: "text", name: "Text", icon: "table" },
] as const;
type View = (typeof VIEWS)[number]["view"];

function settingsOf(settings: JsonObject | null, key: string): JsonObject | undefined {
  const tasks = settings?.tasks;
  if (!Array.isArray(tasks)) return undefined;
  return tasks.find(
    (task): task is JsonObject =>
      typeof task === "object" && task !== null && !Array.isArray(task) && task.task_key === key,
  );
}

export function Definition({ view }: { view: JobView }) {
  const [params, change] = useUrl();
  const { before, after } = view.graph;
  const declared = view.desired !== null;
  const settings = (view.desired ?? view.actual) as JsonObject | null;
  const planned = view.change as PlanChange | null;
  const tasks = declared ? after : before;
  const { marks, differs } = useMemo(() => {
    const compared = compareGraphs(before, after, planned ? changedTasks(planned) : new Set());
    const both = before.length > 0 && after.length > 0;
    return { marks: both ? compared.after : plain, differs: both && compared.differs };
  }, [before, after, planned]);
  const dependents = useMemo(() => dependentsOf(tasks), [tasks]);

  const phone = window.matchMedia("(max-width: 639px)").matches;
  const asked = VIEWS.find((each) => each.view === params.get("view"))?.view;
  const shown: View = asked ?? (phone ? "list" : "graph");
  const on = params.get("task");
  const task = tasks.find((each) => each.key === on);
  const choose = useCallback((key: string | null) => change({ task: key }), [change]);
  useKeys({ escape: () => (task ? choose(null) : false) });

  const { tasks: _tasks, ...own } = settings ?? {};

  if (settings === null) return <Empty icon="jobs" title="Neither a declaration nor the workspace has this job." />;
  return (
    <div className={`def${task && shown !== "text" ? " with-task" : ""}`}>
      <div className="def-main">
        <div className="def-tools">
          <fieldset className="seg">
            <legend className="vh">How to show the definition</legend>
            {VIEWS.map((each) => (
              <button
                key={each.view}
                type="button"
                aria-pressed={shown === each.view}
                onClick={() => change({ view: each.view })}
              >
                <Icon name={each.icon} size={12} />
                {each.name}
              </button>
            ))}
          </fieldset>
          <span className="s d">
            {counted(tasks.length, "task")}
            {!declared && "; no longer declared, as found in the workspace"}
            {differs && "; + and ~ mark what the plan changes"}
          </span>
        </div>
        {tasks.length === 0 && shown !== "text" && <Empty icon="jobs" title="This job has no tasks." />}
        {tasks.length > 0 && shown === "graph" && <TaskGraph tasks={tasks} marks={marks} on={on} choose={choose} />}
        {tasks.length > 0 && shown === "list" && <TaskList tasks={tasks} marks={marks} on={on} choose={choose} />}
        {shown !== "text" && Object.keys(own).length > 0 && (
          <section className="def-own">
            <h3>Settings of the job</h3>
            <DefinitionView settings={own} label="Settings of the job" />
          </section>
        )}
        {shown === "text" && <DefinitionView settings={settings} label={`Definition of ${view.row.resource}`} />}
      </div>
      {task && shown !== "text" && (
        <TaskPanel
          task={task}
          dependents={dependents.get(task.key) ?? []}
          settings={settingsOf(settings, task.key)}
          fields={planned?.fields ?? []}
          choose={choose}
        />
      )}
    </div>
  );
}

/** A graph that stands for itself. */
const plain: Marks = { task: () => "same", edge: () => "same" };
