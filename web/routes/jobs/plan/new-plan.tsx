/** Makes a plan and goes to it. */
import { useEffect, useRef } from "react";
import { Link, useLocation } from "wouter";
import { useMakePlan } from "../../../api/queries.ts";
import { useSecond } from "../../../api/use-live.ts";
import { listParam, useUrl } from "../../../api/use-url.ts";
import { Failure } from "../../../components/failure.tsx";
import { ListSkeleton } from "../../../components/skeleton.tsx";
import { useKeys } from "../../../shell/keys.ts";
import { useTitle } from "../../../shell/title.ts";
import { backToList } from "../list/filter.ts";
import { rollbackCommand, rollbackOf } from "./rollback.ts";

export default function NewPlan() {
  useTitle("Plan");
  const [params] = useUrl();
  const [, navigate] = useLocation();
  const started = useRef<number | null>(null);
  const now = useSecond();
  const select = listParam(params, "select");
  const back = rollbackOf(params);
  const { mutate, error } = useMakePlan();
  useKeys({ escape: () => navigate(backToList()) });

  const make = () => {
    started.current = Date.now();
    // The page of the plan knows from its address what to make anew.
    const wish = params.toString();
    mutate(back ?? (select.length > 0 ? { select } : {}), {
      onSuccess: (plan) =>
        navigate(`/plans/${encodeURIComponent(plan.id)}${wish === "" ? "" : `?${wish}`}`, { replace: true }),
    });
  };
  // Once, also where effects run twice.
  useEffect(() => {
    if (started.current === null) make();
  });

  const seconds = started.current === null ? 0 : Math.floor((now.getTime() - started.current) / 1000);
  return (
    <>
      <p className="crumb">
        <Link href={backToList()}>Jobs</Link>
        <span aria-hidden="true">/</span>
        <span>Plan</span>
      </p>
      <h1>{error ? "No plan" : "Making a plan"}</h1>
      {error ? (
        <Failure
          what="The plan could not be made"
          error={error}
          retry={make}
          still={
            <>
              Still works: <code>{back ? rollbackCommand(back) : "headgate jobs plan"}</code> on the command line.
            </>
          }
        />
      ) : (
        <>
          <p className="s d meta">
            Reading the declarations and the workspace{seconds > 2 && `, ${seconds} s so far`}.
          </p>
          <ListSkeleton rows={10} />
        </>
      )}
    </>
  );
}
