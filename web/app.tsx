/** Routes of the page; each is a chunk of its own. */
import { lazy, Suspense } from "react";
import { Redirect, Route, Switch } from "wouter";
import { ListSkeleton } from "./components/skeleton.tsx";
import { NotFound } from "./routes/not-found.tsx";
import { Frame } from "./shell/frame.tsx";

const Jobs = lazy(() => import("./routes/jobs/list/jobs.tsx"));
const Job = lazy(() => import("./routes/jobs/job/job.tsx"));
const NewPlan = lazy(() => import("./routes/jobs/plan/new-plan.tsx"));
const PlanPage = lazy(() => import("./routes/jobs/plan/plan.tsx"));
const Runs = lazy(() => import("./routes/runs/runs.tsx"));
const Run = lazy(() => import("./routes/runs/run/run.tsx"));
const Lineage = lazy(() => import("./routes/lineage/lineage.tsx"));
const Waves = lazy(() => import("./routes/waves/waves.tsx"));

/** The whole page. */
export function App() {
  return (
    <Frame>
      <Suspense fallback={<ListSkeleton rows={12} />}>
        <Switch>
          <Route path="/">
            <Redirect to="/jobs" replace />
          </Route>
          <Route path="/jobs">
            <Jobs />
          </Route>
          <Route path="/jobs/:resource/:tab?">
            {({ resource, tab }) => <Job key={resource} resource={resource} tab={tab ?? "definition"} />}
          </Route>
          <Route path="/plans/new">
            <NewPlan />
          </Route>
          <Route path="/plans/:id">{({ id }) => <PlanPage key={id} id={id} />}</Route>
          <Route path="/runs">
            <Runs />
          </Route>
          <Route path="/runs/:project/:load/:day">
            {({ project, load, day }) => (
              <Run key={`${project}/${load}/${day}`} projectCode={project} processLoad={load} day={day} />
            )}
          </Route>
          <Route path="/lineage">
            <Lineage />
          </Route>
          <Route path="/waves">
            <Waves />
          </Route>
          <Route>
            <NotFound />
          </Route>
        </Switch>
      </Suspense>
    </Frame>
  );
}
