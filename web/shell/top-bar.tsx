/** The top bar: command bar, clock, keys; on phones the project, search and theme. */
import { useStatus } from "../api/queries.ts";
import { useMinute } from "../api/use-live.ts";
import { Icon } from "../components/icon.tsx";
import { absolute, city } from "../words/time.ts";
import { setTheme, shownTheme, useTheme } from "./theme.ts";
import { useZone } from "./zone.ts";

export function TopBar({ find, showKeys }: { find: () => void; showKeys: () => void }) {
  const status = useStatus().data;
  const now = useMinute();
  const zone = useZone();
  useTheme();
  return (
    <header className="top">
      <span className="brand only-s flex">
        <Icon name="gate" />
        <span className="cut">{status ? `${status.project} / ${status.workspace}` : "headgate"}</span>
      </span>
      <button type="button" className="cmd hs" onClick={find}>
        <Icon name="search" />
        <span className="cut">Find a job or table, or type a command</span>
        <kbd>/</kbd>
      </button>
      <span className="clock hs">
        <span className="n">
          {absolute(now, zone)} {city(zone)}
        </span>
        <button type="button" className="btn q" onClick={showKeys}>
          <kbd>?</kbd> keys
        </button>
      </span>
      <span className="ico only-s flex">
        <button type="button" aria-label="Find" onClick={find}>
          <Icon name="search" size={20} />
        </button>
        <button
          type="button"
          aria-label="Switch theme"
          onClick={() => setTheme(shownTheme() === "dark" ? "light" : "dark")}
        >
          <Icon name="sun" size={20} />
        </button>
      </span>
    </header>
  );
}
