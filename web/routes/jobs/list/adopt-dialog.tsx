/** What adopting a job would write, and the command that does: files are the command line's business. */
import "../job/job.css";
import { useMemo } from "react";
import type { UnmanagedJob } from "../../../../src/model/view.ts";
import { useAdoptPreview } from "../../../api/queries.ts";
import { Copy, useCopied } from "../../../components/copy.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { Failure } from "../../../components/failure.tsx";
import { Icon } from "../../../components/icon.tsx";
import { reachable } from "../../../components/reachable.ts";
import { ListSkeleton } from "../../../components/skeleton.tsx";

/** Lines of a block, so that the browser may leave out what is not in sight. */
const BLOCK = 80;

/** The lines of a text in blocks, each with the number of its first line. */
function blocksOf(text: string): { first: number; lines: string }[] {
  const lines = text.replace(/\n$/, "").split("\n");
  return Array.from({ length: Math.ceil(lines.length / BLOCK) }, (_, at) => ({
    first: at * BLOCK,
    lines: lines.slice(at * BLOCK, (at + 1) * BLOCK).join("\n"),
  }));
}

function Written({ yaml, file }: { yaml: string; file: string }) {
  const [copied, copy] = useCopied();
  const blocks = useMemo(() => blocksOf(yaml), [yaml]);
  return (
    <div className="yaml">
      <button
        type="button"
        className="btn ic yaml-copy"
        aria-label={`Copy ${file}`}
        data-tip={copied === true ? "Copied" : copied === "failed" ? "The browser does not allow copying" : "Copy"}
        onClick={() => copy(yaml)}
      >
        <Icon name={copied === true ? "check" : "copy"} size={12} />
      </button>
      <section className="yaml-in adopt-yaml" {...reachable} aria-label={file}>
        {blocks.map(({ first, lines }) => (
          <div
            key={first}
            className="yaml-block yl"
            style={{ containIntrinsicSize: `auto ${lines.split("\n").length * 20}px` }}
          >
            {lines}
          </div>
        ))}
      </section>
    </div>
  );
}

export default function AdoptDialog({ job, close }: { job: UnmanagedJob; close: () => void }) {
  const { data, error, refetch } = useAdoptPreview(job.jobId);
  return (
    <Dialog opened close={close} title={`Adopt ${job.name}`} size={720}>
      {error && !data ? (
        <Failure what="The job could not be read" error={error} retry={() => void refetch()} />
      ) : !data ? (
        <ListSkeleton rows={6} height={24} />
      ) : (
        <>
          <p className="f2">
            This is written to <code>jobs/{data.resource}.yml</code>. In the workspace only the job's marker tag
            changes, and the next plan is empty. Run it where the declarations are:
          </p>
          <p className="adopt-command">
            <Copy text={`headgate jobs adopt ${data.jobId}`} />
          </p>
          <Written yaml={data.yaml} file={`jobs/${data.resource}.yml`} />
          <div className="dialog-do">
            <button type="button" className="btn" data-autofocus onClick={close}>
              Close
            </button>
          </div>
        </>
      )}
    </Dialog>
  );
}
