/** Says which processes are not live: their dates are not those of the calendar, whatever their squares say. */
import { Link } from "wouter";
import type { GridProcess } from "../../../src/model/view-runs.ts";
import { Notice } from "../../components/notice.tsx";
import { counted } from "../../words/count.ts";
import { runPath } from "./place.ts";

const NAMED = 4;
const WORDS = {
  bulk: ["loads", "load", "everything, without the watermarks of before"],
  historic: ["loads", "load", "a day of the past"],
} as const;

export function ModeNotice({ processes }: { processes: readonly GridProcess[] }) {
  const modes = (["bulk", "historic"] as const).map((mode) => ({
    mode,
    own: processes.filter((process) => process.mode === mode),
  }));
  return modes.map(
    ({ mode, own }) =>
      own.length > 0 && (
        <Notice key={mode} tone="warn">
          <b>
            {counted(own.length, "process", "processes")} in {mode} mode.
          </b>{" "}
          <span className="f2">
            {own.slice(0, NAMED).map((process, at) => (
              <span key={`${process.projectCode}/${process.processLoad}`}>
                {at > 0 && ", "}
                <Link className="lnk" href={runPath(process, process.day)}>
                  {process.projectCode}/{process.processLoad}
                </Link>
              </span>
            ))}
            {own.length > NAMED && ` and ${own.length - NAMED} more`} {WORDS[mode][own.length === 1 ? 0 : 1]}{" "}
            {WORDS[mode][2]}, until <code>headgate runs mode PROCESS live</code>.
          </span>
        </Notice>
      ),
  );
}
