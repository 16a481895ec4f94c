/** Says that drift stays until somebody puts it back: this server does not heal. */
import { Link } from "wouter";
import { Notice } from "../../components/notice.tsx";
import { counted } from "../../words/count.ts";

export function DriftNotice({ jobs }: { jobs: number }) {
  if (jobs === 0) return null;
  return (
    <Notice
      tone="warn"
      action={
        <Link className="lnk" href="/plans/new">
          Put it back
        </Link>
      }
    >
      <b>{counted(jobs, "job")} changed in the workspace; healing is off here.</b>{" "}
      <span className="f2">
        It stays so until a plan puts it back, or <code>headgate jobs watch --heal</code> runs.
      </span>
    </Notice>
  );
}
