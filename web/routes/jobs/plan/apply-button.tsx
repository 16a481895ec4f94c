/** The button that carries a plan out, why it may not be pressed, and the question before. */
import { type ReactNode, useState } from "react";
import type { ApplyBody, PlanView } from "../../../../src/server/api.ts";
import { useStatus } from "../../../api/queries.ts";
import { Dialog } from "../../../components/dialog.tsx";
import { wordsOf } from "../../../components/failure.tsx";
import { Hint } from "../../../components/hint.tsx";
import { Icon } from "../../../components/icon.tsx";
import { SignIn, useMay } from "../../../shell/sign-in.tsx";
import { counted } from "../../../words/count.ts";
import { type Choices, differing, isOpen, isSent } from "./actions.ts";

/** Why nothing can be applied, or undefined where it can. */
function useReason(plan: PlanView, choices: Choices, behindIsRight: boolean): ReactNode {
  const status = useStatus().data;
  const may = useMay("apply");
  const changes = differing(plan);
  const open = changes.filter((change) => isOpen(change, choices)).length;
  if (status === undefined || may === undefined) return "Asking the server…";
  if (!status.apply)
    return (
      <>
        This server does not apply: run <code>headgate jobs apply</code>
      </>
    );
  if (!may) return "You may not apply: sign in with a token that may";
  if (!status.workspaceReachable) return `${status.workspace} cannot be reached`;
  if (plan.behind && !behindIsRight) return "Applying would undo a newer commit";
  if (open > 0) return `${counted(open, "job")} in conflict: choose first`;
  if (!changes.some((change) => isSent(change, choices))) return "Nothing to apply";
  return undefined;
}

export function ApplyButton(props: {
  plan: PlanView;
  choices: Choices;
  /** What was applied before is not in this checkout, and need not be: the plan goes back. */
  behindIsRight: boolean;
  start: (body: ApplyBody) => void;
  pending: boolean;
  error: unknown;
}) {
  const { plan, choices, behindIsRight, start, pending, error } = props;
  const [asking, setAsking] = useState(false);
  const reason = useReason(plan, choices, behindIsRight);
  const may = useMay("apply");
  const serverApplies = useStatus().data?.apply;
  const sent = differing(plan).filter((change) => isSent(change, choices));
  const left = differing(plan).length - sent.length;
  const live = sent.reduce((sum, change) => sum + (change.impact.liveRuns ?? 0), 0);
  const words = error ? wordsOf(error) : undefined;
  const label = `Apply ${counted(sent.length, "change")}`;
  return (
    <>
      {reason && (
        <span id="apply-reason" className="s f2 apply-reason">
          {reason}
        </span>
      )}
      {serverApplies && may === false && <SignIn />}
      <button
        type="button"
        className="btn pri"
        aria-disabled={reason !== undefined}
        aria-describedby={reason ? "apply-reason" : undefined}
        onClick={() => reason === undefined && setAsking(true)}
      >
        {label}
      </button>
      <Dialog opened={asking} close={() => setAsking(false)} title={`${label} to ${plan.workspace}?`} size={480}>
        <ul className="ask">
          <li>Each job is read again just before its change, and left alone if it moved since this plan.</li>
          {live > 0 && (
            <li>
              {counted(live, "run")} {live === 1 ? "is live now and keeps" : "are live now and keep"} the old
              definition.
            </li>
          )}
          {left > 0 && (
            <li>
              {counted(left, "job")} of this plan {left === 1 ? "is" : "are"} left out.
            </li>
          )}
          {plan.state === null && (
            <li>
              <b>This is the first apply of {plan.target}.</b> Jobs that this account may not see cannot be recognised:
              if somebody already deployed this project here, stop.
            </li>
          )}
        </ul>
        {words && (
          <div className="note fail" role="alert">
            <Icon />
            <div>
              <b>{words.title}</b> {words.detail} <code>{words.code}</code>
              {words.hint && (
                <p className="f2">
                  <Hint text={words.hint} />
                </p>
              )}
            </div>
          </div>
        )}
        <div className="dialog-do">
          <button type="button" className="btn" onClick={() => setAsking(false)}>
            Not now
          </button>
          <button
            type="button"
            className="btn pri"
            data-autofocus
            disabled={pending}
            onClick={() =>
              start({
                ...(plan.state === null ? { firstDeploy: true } : {}),
                ...(plan.behind && behindIsRight ? { allowBehind: true } : {}),
                ...(Object.keys(choices).length > 0 ? { resolutions: choices } : {}),
              })
            }
          >
            {label}
          </button>
        </div>
      </Dialog>
    </>
  );
}
