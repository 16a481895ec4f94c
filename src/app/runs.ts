/** The runs room of a project: opened over its store with the first call to it. */
import { randomBytes, randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import type { Config } from "../config/load.ts";
import { HeadgateError } from "../errors.ts";
import type { RunsRoom } from "../runs/room.ts";
import { VIEW_NAMES } from "../store/runs.ts";
import type { Store } from "../store/transaction.ts";
import { type Clock, systemClock } from "../util/clock.ts";
import { parseDuration } from "../util/duration.ts";
import { VERSION } from "../util/version.ts";
import { type AskCauses, openCauses } from "./causes.ts";
import { lazyQuestions } from "./lineage-questions.ts";
import { configFor, type OpenHeadgateOptions } from "./options.ts";
import { storeTarget } from "./store.ts";

/** How long a running task may be silent where the config does not say. */
const USUAL_LEASE = "5m";
const USUAL_CATALOGUE = "processes/*.yml";

type Verb = (...given: unknown[]) => Promise<unknown>;

/**
 * A room that is opened with the first call that needs it: the library hands it out before there is a store. A failed
 * opening is thrown by the call that needed it, and tried again by the next.
 */
function lazyRoom(open: () => Promise<RunsRoom>): RunsRoom {
  let opening: Promise<RunsRoom> | undefined;
  const room = async (): Promise<RunsRoom> => {
    opening ??= open();
    try {
      return await opening;
    } catch (error) {
      opening = undefined;
      throw error;
    }
  };
  const views = Object.fromEntries(
    VIEW_NAMES.map((name) => [name, async (filter: never) => (await room()).views[name](filter)]),
  );
  const known: Record<string | symbol, unknown> = { views, generateExecutionId: () => randomUUID() };
  return new Proxy({} as RunsRoom, {
    get(_target, name) {
      // A room that is awaited by mistake is no promise.
      if (name === "then") return undefined;
      known[name] ??= async (...given: unknown[]) => {
        const opened = (await room()) as unknown as Record<string | symbol, Verb>;
        const verb = opened[name];
        if (verb === undefined) throw new TypeError(`the runs room has no ${String(name)}`);
        return verb(...given);
      };
      return known[name];
    },
  });
}

/** The patterns of a project's process files. @throws HeadgateError `input_invalid` where a table is the source */
function catalogueOf({ runs: { catalogue } }: Config): string[] {
  if (typeof catalogue !== "object") return [catalogue ?? USUAL_CATALOGUE];
  throw new HeadgateError("input_invalid", "the catalogue of this project is a table, not files", {
    hint: "name the files to register, or give runs.catalogue a pattern of files",
    permanent: true,
  });
}

/** What the runs room of a project is made of. */
export interface RunsParts {
  config: Config;
  store: () => Promise<Store>;
  clock: Clock;
  onWarning: (message: string) => void;
}

/** The runs room of a project; nothing is opened before the first call. */
export function projectRuns({ config, store, clock, onWarning }: RunsParts): RunsRoom {
  return lazyRoom(async () => {
    const { openRunsRoom } = await import("../runs/open-room.ts");
    const { readProcesses } = await import("../config/read-processes.ts");
    return openRunsRoom({
      store: await store(),
      clock,
      project: config.project,
      actor: userInfo().username,
      timezone: config.runs.timezone,
      leaseMs: parseDuration(String(config.runs.lease ?? USUAL_LEASE)) ?? 0,
      random: randomBytes,
      readCatalogue: (files) => readProcesses(config.dir, files?.length ? files : catalogueOf(config)),
      warn: (message, error) => onWarning(`${message}: ${error instanceof Error ? error.message : String(error)}`),
    });
  });
}

/** The runs of a project, open. */
export interface ProjectRuns {
  runs: RunsRoom;
  /** Why a run is red, or waits. */
  causes: AskCauses;
  config: Config;
  close(): Promise<void>;
}

/** Opens the runs of a project by itself: no workspace is needed for them. @throws HeadgateError as `openHeadgate` */
export async function openProjectRuns(options: OpenHeadgateOptions = {}): Promise<ProjectRuns> {
  const { clock = systemClock, onWarning = () => undefined } = options;
  const { config, env } = await configFor(options);
  let store: Promise<Store> | undefined;
  const openOnce = (): Promise<Store> => {
    store ??= (async () => {
      const { openStore } = await import("../store/open.ts");
      return openStore(storeTarget(config, env), { clock, headgate: VERSION, warn: onWarning });
    })();
    return store;
  };
  return {
    runs: projectRuns({ config, store: openOnce, clock, onWarning }),
    causes: openCauses({
      store: openOnce,
      questions: lazyQuestions(openOnce, clock, async () => undefined),
      clock,
      timezone: config.runs.timezone,
    }),
    config,
    async close() {
      const opened = await store?.catch(() => undefined);
      await opened?.close();
    },
  };
}

/** What the process files of a project declare, for a server that is to be told. @throws HeadgateError as `openHeadgate` */
export async function readProcessFiles(options: OpenHeadgateOptions, files: readonly string[]) {
  const { readProcesses } = await import("../config/read-processes.ts");
  const { config } = await configFor(options);
  return readProcesses(config.dir, files.length > 0 ? files : catalogueOf(config));
}

/** Writes the sample into a folder. @returns its files, absolute @throws HeadgateError `input_invalid` where one is there */
export async function writeSample(directory: string): Promise<string[]> {
  const sample = await import("../runs/sample.ts");
  return sample.writeSample(directory);
}

/**
 * Address and token of the server that runs for a project, by the file it wrote; undefined where there is none.
 * @param dir the project's folder, or one below it
 */
export async function ownServer(dir: string): Promise<{ url: string; token: string } | undefined> {
  const { findConfig } = await import("../config/find.ts");
  const { readServeToken } = await import("../access/serve-token.ts");
  try {
    const { path } = await findConfig(dir, false);
    return await readServeToken(join(dirname(path), ".headgate", "serve-token"));
  } catch (error) {
    if (error instanceof HeadgateError && error.code === "not_found") return undefined;
    throw error;
  }
}
