/** What one change is: fields, whom it hurts, order before and after, what to do about it. */
import type { ReactNode } from "react";
import type { FieldChange } from "../../../../src/model/plan.ts";
import type { PlanChange } from "../../../api/plan-change.ts";
import { Hint } from "../../../components/hint.tsx";
import { FieldGrid } from "../../../fields/field-grid.tsx";
import type { JsonObject } from "../../../fields/json-value.ts";
import { DefinitionView } from "../job/definition-view.tsx";
import { ImpactList } from "./impact.tsx";
import { OrderChange } from "./order-change.tsx";

function What({ change, extra }: { change: PlanChange; extra?: ((field: FieldChange) => ReactNode) | undefined }) {
  if (change.fields.length > 0 && change.action !== "create" && change.action !== "recreate")
    return <FieldGrid fields={change.fields} {...(extra ? { extra } : {})} />;
  if (change.desired && (change.action === "create" || change.action === "recreate"))
    return <DefinitionView settings={change.desired as JsonObject} label={`Definition of ${change.resource}`} />;
  if (change.fields.length > 0) return <FieldGrid fields={change.fields} />;
  return <p className="f2 reason">{change.reason}</p>;
}

export function ChangeBody(props: { change: PlanChange; extra?: (field: FieldChange) => ReactNode }) {
  const { change, extra } = props;
  return (
    <>
      <div className="cb">
        <div className="cb-what">
          <What change={change} extra={extra} />
          {change.hint && (
            <p className="f2 hint">
              <Hint text={change.hint} />
            </p>
          )}
        </div>
        <ImpactList change={change} />
      </div>
      <OrderChange change={change} />
    </>
  );
}
