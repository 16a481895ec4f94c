/** Whether what is on the screen is live, and how old it is. */
import { useStatus } from "../api/queries.ts";
import { useLive, useSecond } from "../api/use-live.ts";
import { absolute, relative } from "../words/time.ts";
import { useZone } from "./zone.ts";

const WORDS = { connecting: "Connecting", live: "Live", lost: "Reconnecting", stopped: "Stopped" } as const;

export function Connection() {
  const { line } = useLive();
  const status = useStatus().data;
  const now = useSecond();
  const zone = useZone();
  const read = status?.lastReadAt ?? null;
  const away = status && !status.workspaceReachable;
  const word = line === "live" && away ? "Workspace away" : WORDS[line];
  const tone = line === "live" ? (away ? "warn" : "ok") : line === "connecting" ? "wait" : "fail";
  const tip = read ? `${word}; workspace read ${absolute(read, zone, true)} ${zone}` : word;
  return (
    <span className="line" data-tip={tip}>
      <span className={`live ${tone}`}>
        <span className="wide">{word}</span>
        <span className="vh narrow-only">{word}</span>
      </span>
      {read && !away && <span className="d n wide">{relative(read, now)}</span>}
    </span>
  );
}
