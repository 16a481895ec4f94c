/** One job of a plan: a line that unfolds. */
import { useState } from "react";
import { Link } from "wouter";
import type { PlanChange } from "../../../api/plan-change.ts";
import { Icon } from "../../../components/icon.tsx";
import { type ActionLook, type Choice, headOf } from "./actions.ts";
import { ChangeBody } from "./change-body.tsx";
import { ConflictChoice } from "./conflict-choice.tsx";

/** Look of a line: an update that somebody else had a hand in is not ours alone. */
function lookOf(change: PlanChange, look: ActionLook): { look: string; sign: string } {
  if (change.action !== "update") return look;
  const kinds = new Set(change.fields.map((field) => field.kind));
  if (kinds.has("conflict")) return { look: "con", sign: "!" };
  return kinds.size === 1 && kinds.has("drift") ? { look: "dri", sign: "!" } : look;
}

export function ChangeFold(props: {
  change: PlanChange;
  look: ActionLook;
  open: boolean;
  choice: Choice | undefined;
  choose: ((choice: Choice | undefined) => void) | undefined;
}) {
  const { change, choice, choose } = props;
  const [open, setOpen] = useState(props.open);
  const { look, sign } = lookOf(change, props.look);
  const conflicts = change.fields.filter((field) => field.kind === "conflict");
  const picked = choice === "leave" ? {} : (choice ?? {});
  const waits = conflicts.filter((field) => picked[field.path] === undefined).length;
  return (
    <section className={`ch ${look}`} aria-label={change.resource}>
      <h3 className="ch-head">
        <button type="button" className="ch-fold" aria-expanded={open} onClick={() => setOpen(!open)}>
          <Icon name={open ? "down" : "right"} size={12} />
          <span className="sg" aria-hidden="true">
            {sign}
          </span>
          <b>{change.resource}</b>
          <span className="f2 wh">{headOf(change)}</span>
        </button>
        {choose && conflicts.length > 0 && (
          <span className="ch-do">
            {choice === "leave" ? (
              <span className="st wait">left alone this time</span>
            ) : (
              waits > 0 && <span className="st fail">choose below</span>
            )}
            <button
              type="button"
              className="btn sm"
              aria-pressed={choice === "leave"}
              onClick={() => choose(choice === "leave" ? undefined : "leave")}
            >
              {choice === "leave" ? "Take it in again" : "Leave this job"}
            </button>
          </span>
        )}
        <Link className="ch-open d s hs" href={`/jobs/${encodeURIComponent(change.resource)}`}>
          Open job
        </Link>
      </h3>
      {open && (
        <ChangeBody
          change={change}
          extra={(field) =>
            choose && field.kind === "conflict" && choice !== "leave" ? (
              <ConflictChoice
                path={field.path}
                chosen={picked[field.path]}
                choose={(side) => choose({ ...picked, [field.path]: side })}
              />
            ) : null
          }
        />
      )}
    </section>
  );
}
