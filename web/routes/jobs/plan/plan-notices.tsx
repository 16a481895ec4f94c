/** What somebody should know before applying a plan: it is old, it undoes something, deletions are held back. */
import { Link } from "wouter";
import type { PlanView } from "../../../../src/server/api.ts";
import { useLive, useMinute } from "../../../api/use-live.ts";
import { Copy } from "../../../components/copy.tsx";
import { Notice } from "../../../components/notice.tsx";
import { useZone } from "../../../shell/zone.ts";
import { counted, listed } from "../../../words/count.ts";
import { absolute } from "../../../words/time.ts";
import { differing } from "./actions.ts";
import { type Rollback, rollbackCommand } from "./rollback.ts";

/** Jobs of this plan that moved after it was made; `since` is when the page first showed it, ms. */
function useMoved(plan: PlanView, since: number): string[] {
  const { moved } = useLive();
  return differing(plan)
    .map((change) => change.resource)
    .filter((resource) => (moved.get(resource) ?? 0) > since);
}

/** What going back means, and what it does not. */
export function RollbackNotice({ back }: { back: Rollback }) {
  return (
    <Notice tone="info">
      <b>
        {back.rollback} as it was{back.to === undefined ? " before its last change" : ` at serial ${back.to}`}.
      </b>{" "}
      <span className="f2">
        The declaration stays as it is: change it too, or the next plan undoes this again.{" "}
        <Copy text={rollbackCommand(back)} />
      </span>
    </Notice>
  );
}

export function PlanNotices(props: { plan: PlanView; since: number; renew: string; behindIsRight: boolean }) {
  const { plan } = props;
  const zone = useZone();
  const moved = useMoved(plan, props.since);
  return (
    <>
      {moved.length > 0 && (
        <Notice
          tone="warn"
          action={
            <Link className="lnk" href={props.renew}>
              Make a new plan
            </Link>
          }
        >
          <b>The fleet has changed since this plan.</b>{" "}
          <span className="f2">
            {moved.length <= 3 ? listed(moved) : counted(moved.length, "job")} moved; apply leaves out what is no longer
            as it was read.
          </span>
        </Notice>
      )}
      {plan.behind && !props.behindIsRight && (
        <Notice tone="fail">
          <b>Applying would undo commit {plan.behind.appliedCommit.slice(0, 7)}.</b>{" "}
          <span className="f2">
            {plan.behind.appliedBy} applied it {absolute(plan.behind.appliedAt, zone)}, and it is not part of what this
            plan was made from. Pull first, or say that you mean it: <Copy text="headgate jobs apply --allow-behind" />
          </span>
        </Notice>
      )}
    </>
  );
}

export function HeldNotice({ plan }: { plan: PlanView }) {
  const held = plan.changes.filter((change) => change.held === true);
  if (held.length === 0) return null;
  const fed = held.reduce((sum, change) => sum + change.impact.downstream.length, 0);
  return (
    <Notice tone="warn">
      <b>Not applied from here.</b>{" "}
      <span className="f2">
        {counted(held.length, "deletion")} held back
        {fed > 0 && `; ${counted(fed, "reader")} would miss what they write`}. If you mean it:
      </span>{" "}
      <Copy text={`headgate jobs apply --allow-delete ${held.length}`} />
    </Notice>
  );
}

/** `Made 06:29 from main@3f1c2e9, against applied serial 41.` */
export function MadeLine({ plan }: { plan: PlanView }) {
  const zone = useZone();
  const now = useMinute();
  const today = absolute(now, zone).split(",")[0];
  const [day, time] = absolute(plan.madeAt, zone).split(", ");
  return (
    <p className="s d meta">
      Made {day === today ? time : `${day}, ${time}`}
      {plan.git && (
        <>
          {" "}
          from{" "}
          <code>
            {plan.git.branch ?? "detached"}@{plan.git.commit.slice(0, 7)}
          </code>
          {plan.git.dirty && " with changes that are not committed"}
        </>
      )}
      {plan.state ? `, against applied serial ${plan.state.serial}.` : "; nothing was applied before."}
      {plan.lineage === null && " Whom the changes feed is not known: the store has no lineage."}
      {plan.changes.some((change) => change.held) && " Apply leaves out the deletions."}
    </p>
  );
}
