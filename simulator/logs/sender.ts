/** Who sends requests: a cluster, a SQL warehouse, another program. What of them stands in a log line. */
import type { Random } from "../random.ts";
import type { Guest, HappenedRun } from "../world.ts";

/** How somebody signs in, as `identity.type` has it. */
export type Identity = "OAuth" | "DelegationSAS" | "AccountKey" | "SAS" | "Anonymous" | "TrustedAccess";

/** Someone who sends requests. */
export interface Sender {
  /** A task run; undefined for a notebook or another client. */
  run: HappenedRun | undefined;
  guest: Guest | undefined;
  /** First part of the driver's client request id; undefined for other clients. */
  prefix: string | undefined;
  identity: Identity;
  agent: string;
  /** Of the object that signs in; it stands for its service principal. */
  principal: string;
  /** Addresses of its nodes, without port. */
  addresses: readonly string[];
  /** Id of its file system object: one a process and account. */
  fileSystem: string;
  random: Random;
}

const ABFS =
  "APN/1.0 Azure Blob FS/3.3 (AzulSystems,Inc. JavaJRE 1.8.0_392; Linux 5.15.0-1056-azure/amd64; SunJSSE-1.8; UNKNOWN/UNKNOWN)";

const AGENTS: Record<Guest, { agent: string; identity: Identity }> = {
  powerbi: { agent: "Microsoft.Data.Mashup (https://go.microsoft.com/fwlink/?LinkID=304225)", identity: "OAuth" },
  azcopy: { agent: "AzCopy/10.21.2 azsdk-go-azblob/v1.1.0 (go1.20.5; linux)", identity: "SAS" },
  explorer: { agent: "Microsoft Azure Storage Explorer, 1.33.0, win32, azcopy-node, 2.1.0", identity: "OAuth" },
  factory: {
    agent: "AzureDataFactoryCopy FxVersion/4.8.4515.0 OSName/Windows OSVersion/6.2.9200.0",
    identity: "OAuth",
  },
  python: { agent: "azsdk-python-storage-dfs/12.14.0 Python/3.11.4 (Windows-10)", identity: "OAuth" },
  scanner: { agent: "ObjectLifeCycleScanner/0.50", identity: "TrustedAccess" },
  crawler: { agent: "Mozilla/5.0 (compatible; CensysInspect/1.1)", identity: "Anonymous" },
};

const addresses = (random: Random, count: number): string[] =>
  Array.from({ length: count }, () => `10.139.${random.between(0, 31)}.${random.between(4, 250)}`);

/**
 * A prefix for compute that the Jobs API names no cluster of, in the form of a cluster id of managed compute. Made at
 * half a minute, so that it is not taken for something that a schedule started.
 */
function nameless(random: Random, time: number): string {
  const made = new Date(time - 60_000 * random.between(5, 50)).toISOString();
  const stamp = `${made.slice(5, 7)}${made.slice(8, 10)}-${made.slice(11, 13)}${made.slice(14, 16)}${random.between(20, 40)}`;
  return `${stamp}-${random.hex(8)}-v2n`;
}

/** The sender of a task run. */
export function runSender(run: HappenedRun, random: Random): Sender {
  const managed = run.compute !== "cluster";
  return {
    run,
    guest: undefined,
    prefix: run.clusterId ?? nameless(random, run.ready),
    identity: managed ? "DelegationSAS" : "OAuth",
    agent: `${ABFS} ${managed ? "unknown" : "databricks"}`,
    principal: managed ? "access-connector" : "etl",
    addresses: addresses(random, managed ? 1 : 3),
    fileSystem: random.guid(),
    random,
  };
}

/** A notebook of a person on a cluster that no job ran on. */
export function notebookSender(clusterId: string, random: Random): Sender {
  return {
    run: undefined,
    guest: undefined,
    prefix: clusterId,
    identity: "OAuth",
    agent: `${ABFS} databricks`,
    principal: "analyst",
    addresses: addresses(random, 2),
    fileSystem: random.guid(),
    random,
  };
}

/** Another program. */
export function guestSender(guest: Guest, random: Random): Sender {
  return {
    run: undefined,
    guest,
    prefix: undefined,
    ...AGENTS[guest],
    principal: guest,
    addresses: guest === "crawler" ? ["167.94.138.60"] : addresses(random, 1),
    fileSystem: "",
    random,
  };
}
