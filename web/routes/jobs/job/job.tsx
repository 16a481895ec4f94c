/** One job: definition, plan, runs, history. */
import "./job.css";
import "../plan/plan.css";
import "../list/list.css";
import { Link, useLocation } from "wouter";
import type { JobView } from "../../../../src/model/view.ts";
import { useJob } from "../../../api/queries.ts";
import { Copy } from "../../../components/copy.tsx";
import { Failure } from "../../../components/failure.tsx";
import { Icon } from "../../../components/icon.tsx";
import { ListSkeleton } from "../../../components/skeleton.tsx";
import { State } from "../../../components/state.tsx";
import { useKeys } from "../../../shell/keys.ts";
import { useTitle } from "../../../shell/title.ts";
import { verdictTone } from "../../../words/state.ts";
import { DifferenceMark } from "../difference-mark.tsx";
import { backToList } from "../list/filter.ts";
import { StaleNotice } from "../stale-notice.tsx";
import { Definition } from "./definition.tsx";
import { History } from "./history.tsx";
import { JobPlan } from "./job-plan.tsx";
import { JobRuns } from "./job-runs.tsx";

const TABS = [
  { tab: "definition", name: "Definition" },
  { tab: "plan", name: "Plan" },
  { tab: "runs", name: "Runs" },
  { tab: "history", name: "History" },
] as const;

function Head({ view }: { view: JobView }) {
  const { row } = view;
  const file = row.place ? `${row.place.file}:${row.place.line}` : null;
  return (
    <>
      <div className="head job-head">
        <h1>{row.resource}</h1>
        <State tone={verdictTone(row.verdict.state)} tip={row.runs.at(-1)?.message ?? undefined}>
          {row.verdict.text}
        </State>
        <DifferenceMark resource={row.resource} difference={row.difference} />
        <div className="sp">
          {row.url && (
            <a className="btn" href={row.url} target="_blank" rel="noreferrer">
              Open in Databricks
              <Icon name="open" />
            </a>
          )}
          {row.difference.kind !== "same" && (
            <Link className="btn pri" href={`/plans/new?select=${encodeURIComponent(row.resource)}`}>
              Plan this job
            </Link>
          )}
        </div>
      </div>
      <p className="job-facts s d">
        {row.name !== row.resource && <span>{row.name}</span>}
        {row.jobId ? <Copy text={row.jobId} bare /> : <span>not deployed</span>}
        {file && <Copy text={file} bare />}
        <span>{row.schedule?.text ?? "no schedule"}</span>
        {row.owner && <span>{row.owner}</span>}
        {row.tags.map((tag) => (
          <span key={tag} className="tag">
            {tag}
          </span>
        ))}
      </p>
    </>
  );
}

export default function Job({ resource, tab }: { resource: string; tab: string }) {
  useTitle(resource);
  const { data: view, error, refetch } = useJob(resource);
  const [, navigate] = useLocation();
  const base = `/jobs/${encodeURIComponent(resource)}`;
  const to = (name: string) => (name === "definition" ? base : `${base}/${name}`);
  useKeys({
    escape: () => navigate(backToList()),
    ...Object.fromEntries(
      TABS.map((each, index) => [String(index + 1), () => navigate(to(each.tab), { replace: true })]),
    ),
  });
  const shown = TABS.find((each) => each.tab === tab)?.tab ?? "definition";
  return (
    <>
      <p className="crumb">
        <Link href={backToList()}>Jobs</Link>
        <span aria-hidden="true">/</span>
        <span className="cut">{resource}</span>
      </p>
      {view ? (
        <Head view={view} />
      ) : (
        <div className="head">
          <h1>{resource}</h1>
        </div>
      )}
      <nav className="tabs job-tabs" aria-label="Parts of the job">
        {TABS.map((each) => (
          <Link key={each.tab} href={to(each.tab)} replace aria-current={shown === each.tab ? "page" : undefined}>
            {each.name}
            {each.tab === "plan" && view && view.row.difference.fields > 0 && (
              <span className="d n"> {view.row.difference.fields}</span>
            )}
          </Link>
        ))}
      </nav>
      <StaleNotice />
      {error && !view && (
        <Failure
          what={`${resource} could not be read`}
          error={error}
          retry={() => void refetch()}
          still={
            <Link className="lnk" href="/jobs">
              All jobs
            </Link>
          }
        />
      )}
      {!view && !error && <ListSkeleton rows={10} />}
      {view && shown === "definition" && <Definition view={view} />}
      {view && shown === "plan" && <JobPlan view={view} />}
      {view && shown === "runs" && <JobRuns view={view} />}
      {view && shown === "history" && <History resource={resource} />}
    </>
  );
}
