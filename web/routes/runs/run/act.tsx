/** What can be done to a task: reset, repeat, skip, each with a reason. */
import { useState } from "react";
import type { RunTaskView } from "../../../../src/model/view-runs.ts";
import { type TaskOfRun, useActOnTask } from "../../../api/runs.ts";
import { wordsOf } from "../../../components/failure.tsx";
import { SignIn, useMay } from "../../../shell/sign-in.tsx";

type Act = "reset" | "replay" | "skip" | "unskip";

const NAMES: Record<Act, string> = {
  reset: "Reset",
  replay: "Run again",
  skip: "Skip once",
  unskip: "Take back in",
};

/** What a state allows. */
const ACTS: Record<RunTaskView["state"], Act[]> = {
  done: ["replay"],
  running: [],
  waiting: ["skip"],
  failed: ["reset", "skip"],
  lost: ["reset", "skip"],
  cancelled: ["reset", "skip"],
  skipped: ["unskip"],
};

const SAYS: Record<Act, string> = {
  reset: "Reset gives it a new attempt; whoever starts the run starts it.",
  replay: "Run again gives a done task a new attempt; its watermark stays.",
  skip: "Skip once leaves it out of this run; what waits for it goes on.",
  unskip: "Take back in makes it part of this run again.",
};

export function ActOnTask({ of, task }: { of: TaskOfRun; task: RunTaskView }) {
  const may = useMay("write");
  const [reason, setReason] = useState("");
  const act = useActOnTask(of);
  const acts = ACTS[task.state];
  const said = reason.trim() !== "";
  if (acts.length === 0)
    return (
      <section>
        <h3>Act</h3>
        <p className="d s">It runs: there is nothing to do here.</p>
      </section>
    );
  return (
    <section>
      <h3>Act</h3>
      {may === false ? (
        <div className="act-may">
          <p className="f2">You may look, but not change runs: that needs a token with the scope write.</p>
          <SignIn />
        </div>
      ) : (
        <>
          <input
            className="in act-why"
            aria-label="Reason"
            placeholder="Reason (needed)"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <div className="acts">
            {acts.map((name) => (
              <button
                key={name}
                type="button"
                className="btn sm"
                disabled={!said || act.isPending || may === undefined}
                onClick={() => act.mutate({ act: name, reason: reason.trim() }, { onSuccess: () => setReason("") })}
              >
                {NAMES[name]}
              </button>
            ))}
          </div>
          <p className="s d">{acts.map((name) => SAYS[name]).join(" ")}</p>
        </>
      )}
      {act.error && (
        <p className="s st fail act-error" role="alert">
          {[wordsOf(act.error).title, wordsOf(act.error).detail].filter(Boolean).join(": ")}
        </p>
      )}
      <p className="vh" aria-live="polite">
        {act.isSuccess ? "Done" : ""}
      </p>
    </section>
  );
}
