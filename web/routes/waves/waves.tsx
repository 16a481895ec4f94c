/** Waves: not in this version. */
import { Empty } from "../../components/empty.tsx";
import { useTitle } from "../../shell/title.ts";

export default function Waves() {
  useTitle("Waves");
  return (
    <>
      <h1>Waves</h1>
      <Empty icon="waves" title="No wave has been planned.">
        Waves say what can move to another lake together, and after what. They are computed from lineage, with{" "}
        <code>headgate lineage waves</code>, in a later version.
      </Empty>
    </>
  );
}
