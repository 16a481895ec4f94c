/** The left rail: rooms, project, workspace, connection, theme; a bottom bar on phones. */
import { Link, useLocation } from "wouter";
import { useFleetCounts, useStatus } from "../api/queries.ts";
import { useRunsCounts } from "../api/runs.ts";
import { Icon } from "../components/icon.tsx";
import { Connection } from "./connection.tsx";
import { ROOMS, roomOf } from "./rooms.ts";
import { ThemeSwitch } from "./theme-switch.tsx";

const tipOf = (count: number): string | undefined => (count > 0 ? `${count} need you` : undefined);

export function Rail() {
  const [path] = useLocation();
  const status = useStatus().data;
  const waiting = useFleetCounts().data?.counts.needYou ?? 0;
  const verdicts = useRunsCounts().data ?? {};
  const red = (verdicts.failed ?? 0) + (verdicts.blocked ?? 0) + (verdicts.stuck ?? 0);
  const room = roomOf(path);
  return (
    <aside className="rail" aria-label="Rooms and project">
      <div className="brand">
        <Icon name="gate" />
        <span className="wide">headgate</span>
      </div>
      <nav className="nav" aria-label="Rooms">
        {ROOMS.map(({ path: to, name, icon }) => (
          <Link
            key={to}
            href={to}
            aria-current={room === to ? "page" : undefined}
            data-tip={tipOf(to === "/jobs" ? waiting : to === "/runs" ? red : 0)}
          >
            <Icon name={icon} />
            <span className="word">{name}</span>
            {to === "/jobs" && waiting > 0 && (
              <span className="st warn">
                <Icon />
                {waiting}
                <span className="vh"> need you</span>
              </span>
            )}
            {to === "/runs" && red > 0 && (
              <span className="st fail">
                <Icon />
                {red}
                <span className="vh"> need someone</span>
              </span>
            )}
          </Link>
        ))}
      </nav>
      <dl className="foot">
        <div className="wide">
          <dt>Project</dt>
          <dd>{status?.project ?? <span className="skel" style={{ width: "72px" }} />}</dd>
          <dt>Workspace</dt>
          <dd>
            {status ? (
              <a href={status.host} target="_blank" rel="noreferrer" className="cut" data-tip={status.host}>
                {status.workspace}
              </a>
            ) : (
              <span className="skel" style={{ width: "56px" }} />
            )}
          </dd>
        </div>
        <dt className="wide">Server</dt>
        <dd>
          <Connection />
        </dd>
        <dt className="vh">Theme</dt>
        <dd className="wide">
          <ThemeSwitch />
        </dd>
      </dl>
    </aside>
  );
}
