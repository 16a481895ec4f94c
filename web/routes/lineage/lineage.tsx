/** Lineage: not in this version. */
import { Empty } from "../../components/empty.tsx";
import { useTitle } from "../../shell/title.ts";

export default function Lineage() {
  useTitle("Lineage");
  return (
    <>
      <h1>Lineage</h1>
      <Empty icon="lineage" title="No lineage has been ingested.">
        Tables, the jobs that read and write them, and the evidence come with <code>headgate lineage ingest</code> in a
        later version.
      </Empty>
    </>
  );
}
