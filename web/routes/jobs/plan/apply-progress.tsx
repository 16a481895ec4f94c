/** An apply as it goes: one line a job, and a sentence at the end. */
import { Link } from "wouter";
import type { ApplyItem } from "../../../../src/model/view.ts";
import type { ApplyAnswer } from "../../../../src/server/api.ts";
import { useApplyView } from "../../../api/queries.ts";
import { useSecond } from "../../../api/use-live.ts";
import { Copy } from "../../../components/copy.tsx";
import { Failure } from "../../../components/failure.tsx";
import { Hint } from "../../../components/hint.tsx";
import { Notice } from "../../../components/notice.tsx";
import { ListSkeleton } from "../../../components/skeleton.tsx";
import { State } from "../../../components/state.tsx";
import { counted } from "../../../words/count.ts";
import { itemWord } from "../../../words/state.ts";
import { span } from "../../../words/time.ts";

const RANK: Record<ApplyItem["state"], number> = { failed: 0, running: 1, waiting: 2, skipped: 3, done: 4 };
/** More lines than this are told in numbers, what went wrong always first. */
const SHOWN = 200;

function Line({ item }: { item: ApplyItem }) {
  const { tone, word } = itemWord(item.state);
  return (
    <li className="ap">
      <State tone={tone}>{word}</State>
      <span className="ap-job">
        <Link href={`/jobs/${encodeURIComponent(item.resource)}`}>
          <b>{item.resource}</b>
        </Link>{" "}
        <span className="d">{item.action}</span>
      </span>
      {item.jobId && <Copy text={item.jobId} bare />}
      {item.error && (
        <p className="ap-why">
          <span className="f2">{item.error.message}</span> <code className="d">{item.error.code}</code>
          {item.error.hint && (
            <span className="f2 ap-hint">
              <Hint text={item.error.hint} />
            </span>
          )}
        </p>
      )}
    </li>
  );
}

function count(apply: ApplyAnswer, state: ApplyItem["state"]): number {
  return apply.items.filter((item) => item.state === state).length;
}

function Ending({ apply }: { apply: ApplyAnswer }) {
  const [done, failed, skipped] = [count(apply, "done"), count(apply, "failed"), count(apply, "skipped")];
  const sum = [
    `${counted(done, "job")} done`,
    failed > 0 && `${failed} failed`,
    skipped > 0 && `${skipped} left out`,
  ].filter(Boolean);
  const good = apply.state === "done";
  return (
    <Notice
      tone={good ? "ok" : "fail"}
      action={
        <Link className="lnk" href="/plans/new">
          Make a new plan
        </Link>
      }
    >
      <b>{good ? "Applied." : apply.state === "interrupted" ? "Interrupted." : "Not everything was applied."}</b>{" "}
      <span className="f2">
        {sum.join(", ")}
        {apply.endedAt && ` in ${span(Math.max(1000, Date.parse(apply.endedAt) - Date.parse(apply.startedAt)))}`}.{" "}
        {!good && "What was done stays; a new plan shows what remains."}
      </span>
      {apply.error && (
        <p className="f2">
          {apply.error.message} <code>{apply.error.code}</code> {apply.error.hint && <Hint text={apply.error.hint} />}
        </p>
      )}
    </Notice>
  );
}

export function ApplyProgress({ id }: { id: string }) {
  const { data: apply, error, refetch } = useApplyView(id);
  const now = useSecond();
  if (error && !apply) return <Failure what="The apply could not be read" error={error} retry={() => void refetch()} />;
  if (!apply) return <ListSkeleton rows={4} />;
  const total = apply.items.length;
  const over = total - count(apply, "waiting") - count(apply, "running");
  const items = [...apply.items].sort((a, b) => RANK[a.state] - RANK[b.state]);
  return (
    <section className="apply" aria-labelledby="apply-head">
      <h2 id="apply-head" className="apply-head">
        {apply.state === "running" ? "Applying, asked by" : "Apply, asked by"} <span className="d">{apply.actor}</span>
        <span className="sp d s n" role="status">
          {over} of {counted(total, "job")}
          {apply.state === "running" && `, ${span(now.getTime() - Date.parse(apply.startedAt))} so far`}
        </span>
      </h2>
      <progress className="bar" max={Math.max(1, total)} value={over} aria-label="Jobs applied" />
      {apply.state !== "running" && <Ending apply={apply} />}
      <ol>
        {items.slice(0, SHOWN).map((item) => (
          <Line key={item.resource} item={item} />
        ))}
      </ol>
      {items.length > SHOWN && <p className="d s">and {counted(items.length - SHOWN, "more job")}</p>}
    </section>
  );
}
