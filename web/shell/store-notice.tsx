/** Says on every view when the store takes no writes: what is shown gets old, and nothing can be done. */
import { useStatus } from "../api/queries.ts";
import { Notice } from "../components/notice.tsx";

export function StoreNotice() {
  if (useStatus().data?.storeReadOnly !== true) return null;
  return (
    <Notice tone="fail">
      <b>The store takes no writes.</b>{" "}
      <span className="f2">
        Runs are not observed, plans are not kept, nothing can be applied; what is here can be read. Is the disk full,
        the file read-only, or the database a standby?
      </span>
    </Notice>
  );
}
