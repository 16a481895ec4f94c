/** Opens the lineage room of a target: sources, engine and what logs are attributed by, each when it is first needed. */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import type { Config } from "../config/load.ts";
import { openValue } from "../config/secrets.ts";
import type { Engine } from "../engines/engine.ts";
import { HeadgateError } from "../errors.ts";
import type { AttributionFacts } from "../lineage/ingest/attribution-facts.ts";
import type { DayReader } from "../lineage/ingest/day-reader.ts";
import type { IngestSetting } from "../lineage/ingest/ingest.ts";
import type { IngestHolder } from "../lineage/ingest/lease.ts";
import { workspaceIdOfHost } from "../lineage/names.ts";
import type { IngestRequest, LineageRoom } from "../lineage/room.ts";
import type { IngestedSource } from "../model/ingest-report.ts";
import type { UsesReader } from "../sources/cluster-uses.ts";
import type { EvidenceSource } from "../sources/evidence-source.ts";
import { type EvidenceSourceContext, type LineageSourceConfig, openEvidenceSource } from "../sources/registry.ts";
import type { Store } from "../store/transaction.ts";
import type { Clock } from "../util/clock.ts";
import { globFiles, isGlob } from "../util/glob.ts";
import type { Json } from "../util/json.ts";
import { nearest } from "../util/nearest.ts";
import type { JobsWorkspace } from "../workspace/workspace.ts";
import type { Environment } from "./options.ts";

/** What the room is opened with. */
export interface LineageParts {
  config: Config;
  env: Environment;
  workspace: JobsWorkspace;
  /** SQL on the workspace. */
  statements: EvidenceSourceContext["statements"];
  store: () => Promise<Store>;
  clock: Clock;
  isAlive: (pid: number) => boolean;
}

const nameOf = (source: LineageSourceConfig): string => source.name ?? source.kind;

/**
 * The sources asked for, with their places in the config.
 * @throws HeadgateError `usage` for a name that is none of them, `config_invalid` for none at all or for two of one name
 */
function chosen(
  config: Config,
  names: readonly string[] | undefined,
): { source: LineageSourceConfig; index: number }[] {
  const all = config.lineage.sources.map((source, index) => ({ source, index }));
  if (all.length === 0) {
    throw new HeadgateError("config_invalid", "there is no source of lineage", {
      hint: 'write lineage: { sources: [ { kind: storage-logs, path: "logs/insights-logs-*" } ] } into headgate.yaml',
      permanent: true,
    });
  }
  const known = all.map(({ source }) => nameOf(source));
  const twice = known.find((name, index) => known.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new HeadgateError("config_invalid", `two sources under lineage.sources are called ${twice}`, {
      hint: "give each a name of its own: what was read is remembered by it",
      permanent: true,
    });
  }
  for (const name of names ?? []) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    throw new HeadgateError("usage", `there is no source "${name}"`, {
      hint: near === undefined ? `there are: ${known.join(", ")}` : `did you mean "${near}"?`,
    });
  }
  return all.filter(({ source }) => names === undefined || names.length === 0 || names.includes(nameOf(source)));
}

/** Paths and patterns of the config as absolute paths. @throws HeadgateError `not_found` for what matches nothing */
async function pathsOf(dir: string, patterns: readonly string[]): Promise<string[]> {
  const paths: string[] = [];
  for (const pattern of patterns) {
    if (!isGlob(pattern)) {
      paths.push(resolve(dir, pattern));
      continue;
    }
    const matches = await globFiles(dir, pattern);
    if (matches.length === 0) {
      throw new HeadgateError("not_found", `nothing matches ${pattern}`, {
        hint: "see lineage.runs and lineage.inventory in headgate.yaml",
        permanent: true,
      });
    }
    paths.push(...matches.map((file) => resolve(dir, file)));
  }
  return paths;
}

/** Says what logs need a workspace for that does not answer, and how to do without. */
function withoutRuns(error: unknown): never {
  if (!(error instanceof HeadgateError) || error.code !== "unavailable") throw error;
  throw new HeadgateError("unavailable", `logs need the runs of the workspace, and ${error.message}`, {
    hint: "where it is gone for good (a demo that has ended), name files of its runs and clusters under lineage.runs; other sources were read",
    cause: error,
  });
}

/** Opens the room. Nothing is read or connected before it is asked. */
export function openLineageRoom({
  config,
  env,
  workspace,
  statements,
  store,
  clock,
  isAlive,
}: LineageParts): LineageRoom {
  const { dir } = config;
  const holder: IngestHolder = { host: hostname(), pid: process.pid, id: randomUUID(), isAlive };
  const opened = new Map<number, EvidenceSource>();
  let uses: UsesReader | undefined;

  const home = async (): Promise<string> => workspaceIdOfHost(workspace.host) ?? workspace.workspaceId();

  /** Passes that follow one another keep their sources: they remember what they have looked at. */
  function sourceAt(index: number, source: LineageSourceConfig): EvidenceSource {
    const known = opened.get(index);
    if (known !== undefined) return known;
    const path = `lineage.sources[${index}]`;
    const { placeOf } = config;
    const filled = openValue(source as unknown as Json, path, { dir, env, placeOf }) as unknown as LineageSourceConfig;
    const fresh = openEvidenceSource(filled, index, {
      dir,
      placeOf: (of) => placeOf(`lineage.sources[${of}]`),
      statements,
      warehouse: config.workspace?.warehouse,
      clock,
    });
    opened.set(index, fresh);
    return fresh;
  }

  /** Runs and tables. Dumps win over the workspace: whoever gives them wants them. */
  async function readFacts(signal: AbortSignal | undefined): Promise<AttributionFacts> {
    const { readDumps } = await import("../sources/dumps.ts");
    const { inventory } = await readDumps(
      await pathsOf(
        dir,
        config.lineage.inventory.map(({ path }) => path),
      ),
    );
    const patterns = config.lineage.runs === undefined ? [] : [config.lineage.runs].flat();
    if (patterns.length > 0) {
      const dumps = await readDumps(await pathsOf(dir, patterns));
      return { inventory, uses: dumps.uses, runsFrom: undefined };
    }
    const { openUsesReader } = await import("../sources/cluster-uses.ts");
    uses ??= openUsesReader(workspace);
    const read = await uses.read(clock.now(), signal).catch(withoutRuns);
    return { inventory, uses: read.uses, runsFrom: read.from };
  }

  return {
    async known(signal) {
      if (config.lineage.inventory.length === 0) return { facts: undefined, logBytes: undefined };
      let logBytes: number | undefined;
      for (const [index, source] of config.lineage.sources.entries()) {
        if (source.kind !== "storage-logs" || source.path === undefined) continue;
        const { units } = await sourceAt(index, source).list(
          { from: undefined, to: undefined, cursor: undefined },
          signal,
        );
        logBytes = units.reduce((sum, unit) => sum + (unit.bytes ?? 0), logBytes ?? 0);
      }
      return { facts: await readFacts(signal), logBytes };
    },
    async ingest(request: IngestRequest = {}) {
      const { since, until, signal, onProgress } = request;
      const wanted = chosen(config, request.sources);
      const open = await store();
      const { ingestSource } = await import("../lineage/ingest/ingest.ts");
      const setting: IngestSetting = { store: open, clock, holder, since, until, signal, onProgress };
      let engine: Engine | undefined;
      let facts: Promise<AttributionFacts> | undefined;

      async function readerOf(source: EvidenceSource): Promise<DayReader> {
        if (source.evidence === "edges") {
          const { seenEdgeDays } = await import("../lineage/ingest/seen-edges.ts");
          return seenEdgeDays(source, home, signal);
        }
        if (source.evidence === "events") throw new Error(`events of ${source.name} are not read day by day`);
        facts ??= readFacts(signal);
        const known = await facts;
        const { ingestInventory } = await import("../lineage/ingest/inventory.ts");
        await ingestInventory(open, clock, known.inventory, await home());
        const { openDuckdb } = await import("../engines/duckdb/open.ts");
        engine ??= await openDuckdb();
        const { accessLogDays } = await import("../lineage/ingest/access-logs.ts");
        const cache = join(dir, ".headgate", "cache", "access-logs", source.name);
        return accessLogDays(source, { engine, cache, facts: known, home, signal });
      }

      const sources: IngestedSource[] = [];
      try {
        for (const { source, index } of wanted) {
          const named = { name: nameOf(source), kind: source.kind, open: () => sourceAt(index, source) };
          if (source.kind === "openlineage") {
            const { ingestEvents } = await import("../lineage/ingest/events.ts");
            sources.push(await ingestEvents(named, setting));
          } else sources.push(await ingestSource(named, readerOf, setting));
        }
      } finally {
        engine?.close();
      }
      const quiet = sources.every(({ days, held, failed }) => days.length + held.length === 0 && failed === null);
      return { sources, quiet };
    },
  };
}
