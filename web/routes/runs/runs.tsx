/** Runs of processes: not in this version; runs of single jobs are with their jobs. */
import { Link } from "wouter";
import { Empty } from "../../components/empty.tsx";
import { useTitle } from "../../shell/title.ts";

export default function Runs() {
  useTitle("Runs");
  return (
    <>
      <h1>Runs</h1>
      <Empty icon="runs" title="No process is registered, so there are no runs by date.">
        Processes come with <code>headgate runs register</code> in a later version. Runs of single jobs are here
        already: open one in{" "}
        <Link href="/jobs" className="lnk">
          Jobs
        </Link>
        , or read them with <code>headgate jobs list</code>.
      </Empty>
    </>
  );
}
