/** One task: what it waits for, what waits for it, its settings, and what a plan would change in it. */
import type { TaskNode } from "../../../../src/model/job.ts";
import type { FieldChange } from "../../../../src/model/plan.ts";
import { Copy } from "../../../components/copy.tsx";
import { Icon } from "../../../components/icon.tsx";
import { FieldGrid } from "../../../fields/field-grid.tsx";
import type { JsonObject } from "../../../fields/json-value.ts";
import { stepsOf, taskOf } from "../../../fields/path.ts";
import { counted } from "../../../words/count.ts";
import { DefinitionView } from "./definition-view.tsx";

/** Shown neighbours; a fan of 900 is said in numbers. */
const SHOWN = 8;

function Neighbours(props: { keys: string[]; none: string; choose: (task: string) => void }) {
  if (props.keys.length === 0) return <span className="d">{props.none}</span>;
  return (
    <>
      {props.keys.slice(0, SHOWN).map((key) => (
        <button key={key} type="button" className="lnk near" onClick={() => props.choose(key)}>
          {key}
        </button>
      ))}
      {props.keys.length > SHOWN && <span className="d">and {counted(props.keys.length - SHOWN, "more task")}</span>}
    </>
  );
}

export function TaskPanel(props: {
  task: TaskNode;
  dependents: string[];
  settings: JsonObject | undefined;
  fields: FieldChange[];
  choose: (task: string | null) => void;
}) {
  const { task, dependents, settings, choose } = props;
  const fields = props.fields.filter((field) => taskOf(stepsOf(field.path)) === task.key);
  const { task_key: _key, depends_on: _dependsOn, ...rest } = settings ?? {};
  return (
    <aside className="panel" aria-label={`Task ${task.key}`}>
      <h2>
        <Icon name="pill" />
        <span className="panel-name">{task.key}</span>
        <button type="button" className="btn ic q" aria-label="Close task" onClick={() => choose(null)}>
          <Icon name="cross" />
        </button>
      </h2>
      <p className="vh" aria-live="polite">
        Task {task.key} chosen
      </p>
      <dl className="kv">
        <dt>Type</dt>
        <dd>{task.type.replaceAll("_", " ")}</dd>
        <dt>Key</dt>
        <dd>
          <Copy text={task.key} bare />
        </dd>
        <dt>Waits for</dt>
        <dd>
          <Neighbours keys={task.dependsOn} none="nothing" choose={choose} />
        </dd>
        <dt>Leads to</dt>
        <dd>
          <Neighbours keys={dependents} none="nothing" choose={choose} />
        </dd>
      </dl>
      {fields.length > 0 && (
        <section>
          <h3>In the plan</h3>
          <FieldGrid fields={fields} narrow />
        </section>
      )}
      <section>
        <h3>Settings</h3>
        {Object.keys(rest).length > 0 ? (
          <DefinitionView settings={rest} label={`Settings of ${task.key}`} />
        ) : (
          <p className="d">None of its own.</p>
        )}
      </section>
    </aside>
  );
}
