/** Counts what became of the requests, by account, category and hour. */
import type { AccessAggregate } from "../../engines/engine.ts";
import type { AccessCoverage, CoverageRow, UnattributedReason } from "../../model/access-edge.ts";
import { byText, type Locations } from "./locations.ts";
import { datasetOf } from "./storage-path.ts";

/** What became of requests. */
export type Fate = "attributed" | "ambiguous" | UnattributedReason;

/** Collects counts. */
export interface CoverageBook {
  add(group: AccessAggregate, account: string, fate: Fate): void;
  unknownOperation(operation: string, requests: number): void;
  /** @param isTouched whether anybody read, wrote or looked into a table */
  close(
    locations: Locations,
    isTouched: (table: Locations["tables"][number]) => boolean,
    unreadable: number,
  ): AccessCoverage;
}

function tablesSeen(
  locations: Locations,
  accounts: ReadonlySet<string>,
  isTouched: (table: Locations["tables"][number]) => boolean,
): Pick<AccessCoverage, "blind" | "unused"> {
  const blind = [...locations.blind];
  const unused: string[] = [];
  for (const table of locations.tables) {
    if (isTouched(table)) continue;
    if (accounts.has(table.root.account)) unused.push(...table.names);
    else {
      const reason = `these logs hold no line of account ${table.root.account}`;
      blind.push(...table.names.map((name) => ({ table: name, reason })));
    }
  }
  return { blind: blind.sort((a, b) => byText(a.table, b.table)), unused: unused.sort(byText) };
}

export function openCoverage(): CoverageBook {
  const rows = new Map<string, CoverageRow>();
  const accounts = new Set<string>();
  const fates: Record<Fate, number> = {
    attributed: 0,
    ambiguous: 0,
    "no cluster id": 0,
    "unknown cluster": 0,
    "no run at that time": 0,
  };
  const operations = new Map<string, number>();
  let requests = 0;
  let first: string | null = null;
  let last: string | null = null;
  return {
    add(group, account, fate) {
      requests += group.requests;
      fates[fate] += group.requests;
      accounts.add(account);
      if (first === null || group.first < first) first = group.first;
      if (last === null || group.last > last) last = group.last;
      const hour = group.first.slice(0, 13);
      const key = `${account}\n${group.category}\n${hour}`;
      const row = rows.get(key) ?? {
        account,
        category: group.category,
        hour,
        requests: 0,
        attributed: 0,
        ambiguous: 0,
        unattributed: 0,
      };
      rows.set(key, row);
      row.requests += group.requests;
      row[fate === "attributed" || fate === "ambiguous" ? fate : "unattributed"] += group.requests;
    },
    unknownOperation(operation, count) {
      operations.set(operation, (operations.get(operation) ?? 0) + count);
    },
    close(locations, isTouched, unreadable) {
      const { attributed, ambiguous, ...unattributed } = fates;
      const withCluster = requests - unattributed["no cluster id"];
      return {
        requests,
        unreadableLines: unreadable,
        firstSeen: first === null ? null : new Date(first).toISOString(),
        lastSeen: last === null ? null : new Date(last).toISOString(),
        attributed,
        ambiguous,
        unattributed,
        attributedShare: withCluster === 0 ? null : Math.round((attributed / withCluster) * 10_000) / 10_000,
        rows: [...rows].sort(([a], [b]) => byText(a, b)).map(([, row]) => row),
        ...tablesSeen(locations, accounts, isTouched),
        shared: locations.shared
          .map(({ path, tables }) => ({
            dataset: datasetOf(path),
            tables: tables.flatMap(({ names }) => names).sort(byText),
          }))
          .sort((a, b) => byText(JSON.stringify(a), JSON.stringify(b))),
        unknownOperations: [...operations]
          .sort(([a], [b]) => byText(a, b))
          .map(([operation, count]) => ({ operation, requests: count })),
      };
    },
  };
}
