/** What a plan would change in this job. */

import type { JobView } from "../../../../src/model/view.ts";
import type { PlanChange } from "../../../api/plan-change.ts";
import { Empty } from "../../../components/empty.tsx";
import { Hint } from "../../../components/hint.tsx";
import { FieldGrid } from "../../../fields/field-grid.tsx";
import type { JsonObject } from "../../../fields/json-value.ts";
import { headOf } from "../plan/actions.ts";
import { ImpactList } from "../plan/impact.tsx";
import { OrderPictures } from "../plan/order-change.tsx";
import { DefinitionView } from "./definition-view.tsx";

export function JobPlan({ view }: { view: JobView }) {
  const change = view.change as PlanChange | null;
  if (change === null || change.action === "noop")
    return (
      <Empty icon="check" title="As declared: nothing to change.">
        The workspace has this job as the declaration says.
      </Empty>
    );
  const whole = change.action === "create" || change.action === "recreate";
  return (
    <div className="job-plan">
      <p className="f2 job-plan-head">{headOf(change)}</p>
      <div className="cb">
        <div className="cb-what">
          {whole && change.desired ? (
            <DefinitionView settings={change.desired as JsonObject} label={`Definition of ${change.resource}`} />
          ) : change.fields.length > 0 ? (
            <FieldGrid fields={change.fields} />
          ) : (
            <p className="f2">{change.reason}</p>
          )}
          {change.hint && (
            <p className="f2 hint">
              <Hint text={change.hint} />
            </p>
          )}
        </div>
        <ImpactList change={change} />
      </div>
      <OrderPictures graph={view.graph} change={change} />
    </div>
  );
}
