/** The plan page: what applying would do, job by job, and the apply itself. */
import "./plan.css";
import { useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import type { PlanView } from "../../../../src/server/api.ts";
import { usePlan, useStartApply } from "../../../api/queries.ts";
import { useUrl } from "../../../api/use-url.ts";
import { useCopied } from "../../../components/copy.tsx";
import { Empty } from "../../../components/empty.tsx";
import { Failure } from "../../../components/failure.tsx";
import { ListSkeleton } from "../../../components/skeleton.tsx";
import { useKeys } from "../../../shell/keys.ts";
import { useTitle } from "../../../shell/title.ts";
import { useZone } from "../../../shell/zone.ts";
import { counted, grouped } from "../../../words/count.ts";
import { backToList } from "../list/filter.ts";
import { Problems } from "../problems.tsx";
import { StaleNotice } from "../stale-notice.tsx";
import { ACTIONS, type Choices, differing } from "./actions.ts";
import { ApplyButton } from "./apply-button.tsx";
import { ApplyProgress } from "./apply-progress.tsx";
import { ChangeFold } from "./change-fold.tsx";
import { planMarkdown } from "./markdown.ts";
import { HeldNotice, MadeLine, PlanNotices, RollbackNotice } from "./plan-notices.tsx";
import { renewPath, rollbackOf } from "./rollback.ts";

/** A plan with more changes than this starts folded. */
const UNFOLDED = 12;
/** Lines of a group shown at once. */
const STEP = 200;

export default function PlanPage({ id }: { id: string }) {
  useTitle("Plan");
  const { data: plan, error, refetch } = usePlan(id);
  const [, navigate] = useLocation();
  useKeys({ escape: () => navigate(backToList()) });
  return (
    <>
      <p className="crumb">
        <Link href={backToList()}>Jobs</Link>
        <span aria-hidden="true">/</span>
        <span>Plan</span>
      </p>
      {plan ? (
        <Loaded plan={plan} />
      ) : error ? (
        <Failure
          what="The plan could not be read"
          error={error}
          retry={() => void refetch()}
          still={
            <Link className="lnk" href="/plans/new">
              Make a new plan
            </Link>
          }
        />
      ) : (
        <ListSkeleton rows={10} />
      )}
    </>
  );
}

/** j and k move between the jobs of the plan. */
function useFoldKeys(box: React.RefObject<HTMLElement | null>): void {
  const step = (by: number) => {
    const folds = [...(box.current?.querySelectorAll<HTMLElement>(".ch-fold") ?? [])];
    const at = folds.indexOf(document.activeElement as HTMLElement);
    const next = folds[Math.max(0, Math.min(folds.length - 1, at < 0 ? 0 : at + by))];
    next?.focus();
    return next !== undefined;
  };
  useKeys({ j: () => step(1), k: () => step(-1) });
}

function Loaded({ plan }: { plan: PlanView }) {
  const [params, change] = useUrl();
  const [choices, setChoices] = useState<Choices>({});
  const [since] = useState(() => Date.now());
  const box = useRef<HTMLDivElement>(null);
  const start = useStartApply(plan.id);
  const zone = useZone();
  const [copied, copy] = useCopied();
  const applyId = params.get("apply");
  const changes = differing(plan);
  useFoldKeys(box);
  const markdown = () => copy(planMarkdown(plan, new Date(), zone));
  useKeys({ c: markdown });
  // The apply is the news: it stands at the top.
  useEffect(() => {
    if (applyId) window.scrollTo(0, 0);
  }, [applyId]);

  const back = rollbackOf(params);
  const renew = renewPath(params);
  return (
    <div ref={box} className={applyId ? "plan" : "plan has-apply"}>
      <div className="head ph">
        <h1>
          Plan for {plan.target}:{" "}
          {changes.length === 0
            ? "nothing changes"
            : `${counted(changes.length, "job")} ${changes.length === 1 ? "changes" : "change"}`}
        </h1>
        <span className="sum n">
          {ACTIONS.flatMap(({ action, word, sign, look }) =>
            plan.summary[action] > 0
              ? [
                  <span key={action} className={look}>
                    <b>
                      {sign}
                      {grouped(plan.summary[action])}
                    </b>{" "}
                    {word}
                  </span>,
                ]
              : [],
          )}
          <span className="d">{grouped(plan.summary.noop)} unchanged</span>
        </span>
        <div className="sp">
          {changes.length > 0 && (
            <button type="button" className="btn hs" onClick={markdown}>
              {copied === true ? "Copied" : copied === "failed" ? "Could not copy" : "Copy as Markdown"}
            </button>
          )}
          {!applyId && changes.length > 0 && (
            <ApplyButton
              plan={plan}
              choices={choices}
              pending={start.isPending}
              error={start.error}
              behindIsRight={back !== null}
              start={(body) => start.mutate(body, { onSuccess: (apply) => change({ apply: apply.id }, true) })}
            />
          )}
        </div>
      </div>
      <MadeLine plan={plan} />
      {back && <RollbackNotice back={back} />}
      <StaleNotice />
      {applyId ? (
        <ApplyProgress id={applyId} />
      ) : (
        <PlanNotices plan={plan} since={since} renew={renew} behindIsRight={back !== null} />
      )}
      <Problems problems={plan.problems} />
      {changes.length === 0 && (
        <Empty icon="check" title={`${plan.workspace} is as declared.`}>
          {counted(plan.summary.noop, "job")} read, none of them differs.
        </Empty>
      )}
      {ACTIONS.map((look) => (
        <Group
          key={look.action}
          plan={plan}
          look={look}
          choices={choices}
          applying={applyId !== null}
          setChoices={setChoices}
        />
      ))}
    </div>
  );
}

function Group(props: {
  plan: PlanView;
  look: (typeof ACTIONS)[number];
  choices: Choices;
  applying: boolean;
  setChoices: (choices: Choices) => void;
}) {
  const { plan, look, choices, applying, setChoices } = props;
  const [shown, setShown] = useState(STEP);
  const all = differing(plan);
  const group = all.filter((change) => change.action === look.action);
  if (group.length === 0) return null;
  const folded = applying || all.length > UNFOLDED || look.action === "create" || look.action === "delete";
  return (
    <>
      <h2 className="gh">
        {look.title} <span className="n">{grouped(group.length)}</span>
      </h2>
      {group.slice(0, shown).map((change) => (
        <ChangeFold
          // An apply folds what was reviewed.
          key={`${change.resource} ${applying}`}
          change={change}
          look={look}
          open={!folded || (!applying && change.fields.some((field) => field.kind === "conflict"))}
          choice={choices[change.resource]}
          choose={
            applying
              ? undefined
              : (choice) => {
                  const { [change.resource]: _old, ...rest } = choices;
                  setChoices(choice === undefined ? rest : { ...rest, [change.resource]: choice });
                }
          }
        />
      ))}
      {group.length > shown && (
        <button type="button" className="btn sm more" onClick={() => setShown(shown + STEP)}>
          Show {counted(Math.min(STEP, group.length - shown), "more job")}
        </button>
      )}
      {look.action === "delete" && <HeldNotice plan={plan} />}
    </>
  );
}
