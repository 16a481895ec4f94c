/** Says when what is shown is old: the workspace or the server is away. */
import { useQueryClient } from "@tanstack/react-query";
import { statusQuery, useStatus } from "../../api/queries.ts";
import { useLive, useSecond } from "../../api/use-live.ts";
import { Notice } from "../../components/notice.tsx";
import { useZone } from "../../shell/zone.ts";
import { absolute, relative } from "../../words/time.ts";

/** A short break of the line is not worth a banner. */
const PATIENCE_MS = 6_000;

export function StaleNotice() {
  const client = useQueryClient();
  const status = useStatus();
  const { line, heardAt } = useLive();
  const now = useSecond();
  const zone = useZone();
  const view = status.data;
  const again = (
    <button type="button" className="lnk" onClick={() => client.invalidateQueries({ queryKey: statusQuery.queryKey })}>
      Try again
    </button>
  );
  const read = view?.lastReadAt
    ? ` What you see was read ${relative(view.lastReadAt, now)} (${absolute(view.lastReadAt, zone)}).`
    : "";
  if (line === "stopped" || (line === "lost" && now.getTime() - heardAt > PATIENCE_MS))
    return (
      <Notice tone="warn" action={again}>
        <b>The headgate server does not answer.</b>{" "}
        <span className="f2">
          {read} Is <code>headgate serve</code> still running?
        </span>
      </Notice>
    );
  if (!view || view.workspaceReachable) return null;
  return (
    <Notice tone="warn" action={again}>
      <b>{view.workspace} cannot be reached.</b>{" "}
      <span className="f2">
        {view.error ? `${view.error}.` : ""}
        {read} Plans and applies wait until it answers.
      </span>
    </Notice>
  );
}
