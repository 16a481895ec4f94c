/** Jobs of the workspace that nobody declared here, each with what adopting it would write. */
import { lazy, Suspense, useRef, useState } from "react";
import type { UnmanagedJob } from "../../../../src/model/view.ts";
import { Copy } from "../../../components/copy.tsx";
import { grouped } from "../../../words/count.ts";

const AdoptDialog = lazy(() => import("./adopt-dialog.tsx"));

const OTHERS: Partial<Record<UnmanagedJob["managedBy"], string>> = {
  bundle: "deployed by a bundle",
  terraform: "deployed by Terraform",
  headgate: "deployed by headgate from another project or target",
};

export function Unmanaged(props: { workspace: string; count: number; jobs: UnmanagedJob[] }) {
  const { workspace, count, jobs } = props;
  const [adopting, setAdopting] = useState<UnmanagedJob | null>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const close = () => {
    setAdopting(null);
    // The dialog is gone then: whoever opened it goes on where they were.
    setTimeout(() => opener.current?.focus());
  };
  if (count === 0) return null;
  return (
    <section id="unmanaged" aria-labelledby="unmanaged-head">
      <div className="head sub">
        <h2 id="unmanaged-head">
          In {workspace}, but in no declaration <span className="d n">{grouped(count)}</span>
        </h2>
        <div className="sp">
          <span className="s d hs">writes their YAML; the next plan is empty</span>
          <Copy text="headgate jobs adopt --all" />
        </div>
      </div>
      <table className="jobs un" aria-label="Jobs in no declaration">
        <thead className="vh">
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Who has it</th>
            <th scope="col">Schedule</th>
            <th scope="col">Adopt</th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <tr key={job.jobId}>
              <td className="u1">
                {job.url ? (
                  <a href={job.url} target="_blank" rel="noreferrer">
                    <b>{job.name}</b>
                  </a>
                ) : (
                  <b>{job.name}</b>
                )}
              </td>
              <td className="u2 d">
                {[OTHERS[job.managedBy], job.creator && `made by ${job.creator}`].filter(Boolean).join("; ") ||
                  "maker unknown"}
              </td>
              <td className="u3">{job.schedule?.text ?? <span className="d">no schedule</span>}</td>
              <td className="u4">
                {OTHERS[job.managedBy] ? (
                  <span className="d">left alone</span>
                ) : (
                  <button
                    type="button"
                    className="btn sm"
                    aria-label={`Adopt ${job.name}`}
                    aria-haspopup="dialog"
                    onClick={(event) => {
                      opener.current = event.currentTarget;
                      setAdopting(job);
                    }}
                  >
                    Adopt…
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Suspense fallback={null}>{adopting && <AdoptDialog job={adopting} close={close} />}</Suspense>
      {count > jobs.length && (
        <p className="un-more s d">
          {grouped(count - jobs.length)} more: <Copy text="headgate jobs look" />
        </p>
      )}
    </section>
  );
}
