/** What setting a watermark back would do, and doing it with a reason. */
import { useState } from "react";
import type { WatermarkView } from "../../../../src/model/view-runs.ts";
import { type ProcessName, useRollback, useRollbackPreview } from "../../../api/runs.ts";
import { Failure, wordsOf } from "../../../components/failure.tsx";
import { ListSkeleton } from "../../../components/skeleton.tsx";
import { SignIn, useMay } from "../../../shell/sign-in.tsx";
import { counted, listed } from "../../../words/count.ts";
import { span } from "../../../words/time.ts";

const NAMED = 6;

export function Rollback(props: { process: ProcessName; mark: WatermarkView; seq: number; done: () => void }) {
  const { process, mark, seq, done } = props;
  const preview = useRollbackPreview(process, mark.name, seq);
  const rollback = useRollback(process, mark.name);
  const may = useMay("write");
  const [reason, setReason] = useState("");
  const { data } = preview;
  if (preview.error && !data)
    return (
      <Failure what="What would happen could not be said" error={preview.error} retry={() => void preview.refetch()} />
    );
  if (!data) return <ListSkeleton rows={2} />;
  const runs = new Set(data.undone.flatMap((change) => change.executionId ?? [])).size;
  return (
    <section className="rollback" aria-label="Rollback preview">
      <h3>If you roll back to {data.after ?? "nothing"}</h3>
      <ul className="points">
        <li>{data.sentence}.</li>
        {data.moved && (
          <li>
            {data.after === null
              ? "The next run reads everything."
              : data.againMs !== null && data.againMs > 0
                ? `The next run reads ${span(data.againMs)} of data again.`
                : "The next run reads again from there."}
          </li>
        )}
        {data.tasks.length > 0 && (
          <li>
            {listed([
              ...data.tasks.slice(0, NAMED),
              ...(data.tasks.length > NAMED ? [`${data.tasks.length - NAMED} more`] : []),
            ])}{" "}
            {data.tasks.length === 1 ? "reads" : "read"} from it: what{" "}
            {data.tasks.length === 1 ? "it writes" : "they write"} must bear to be written twice.
          </li>
        )}
      </ul>
      {may === false ? (
        <div className="act-may">
          <p className="f2">You may look, but not change watermarks: that needs a token with the scope write.</p>
          <SignIn />
        </div>
      ) : (
        <div className="acts">
          <input
            className="in act-why"
            aria-label="Reason"
            placeholder="Reason (needed)"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <button
            type="button"
            className="btn sm"
            disabled={reason.trim() === "" || !data.moved || rollback.isPending || may === undefined}
            onClick={() => rollback.mutate({ beforeSeq: seq, reason: reason.trim() }, { onSuccess: done })}
          >
            Roll back {runs > 0 ? counted(runs, "run") : counted(data.undone.length, "change")}
          </button>
        </div>
      )}
      {rollback.error && (
        <p className="s st fail act-error" role="alert">
          {wordsOf(rollback.error).title}
        </p>
      )}
    </section>
  );
}
