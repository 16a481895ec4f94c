/** The Delta log: how it is read for a snapshot and how a version is committed (Delta protocol: delta log entries, checkpoints). */
import { isCheckpointDue, type Lying } from "../lake.ts";
import { driverOf, type Requests, type Session } from "./session.ts";

const versionName = (version: number): string => String(version).padStart(20, "0");
const COMMIT_BYTES = 1_400;
const CRC_BYTES = 3_100;
/** A reader without a checkpoint near reads the commits one by one, the newest so many of them here. */
const MOST_COMMITS = 3;

/**
 * What every reader, writer and planner asks first: the last checkpoint, the list of the log, the checksum of the newest
 * version; where the checksum is not enough, the checkpoint and the commits after it.
 */
export function* snapshot(session: Session, table: Lying, isFull = session.random.chance(0.35)): Requests {
  const abfs = driverOf(session, table);
  const { version, checkpoint } = table;
  if (checkpoint === undefined) yield abfs.status("_delta_log/_last_checkpoint", "OP", false);
  else yield* abfs.whole("_delta_log/_last_checkpoint", 480, "log");
  yield abfs.status("_delta_log", "GF", version >= 0);
  if (version < 0) return;
  yield abfs.list("_delta_log", version - (checkpoint ?? 0) + 4);
  yield* abfs.whole(`_delta_log/${versionName(version)}.crc`, CRC_BYTES, "log");
  if (!isFull) return;
  if (checkpoint !== undefined) {
    yield* abfs.parquet(`_delta_log/${versionName(checkpoint)}.checkpoint.parquet`, 18_000, "log");
  }
  const first = Math.max((checkpoint ?? -1) + 1, version - MOST_COMMITS + 1);
  for (let one = first; one <= version; one++) {
    yield* abfs.whole(`_delta_log/${versionName(one)}.json`, COMMIT_BYTES, "log");
  }
}

/** Writes the checksum of a version: beside its place, then renamed into it, like all of the log. */
function* checksum(session: Session, table: Lying, version: number): Requests {
  const abfs = driverOf(session, table);
  const name = `${versionName(version)}.crc`;
  yield* abfs.file(`_delta_log/.${name}.${session.random.guid()}.tmp`, CRC_BYTES);
  yield abfs.rename(`_delta_log/${name}`);
}

/**
 * Commits a version: `N.json` by rename, then its checksum; after each tenth the writer makes the checkpoint. Where
 * somebody else was faster, the rename is refused, the log is looked at again, and the next number is taken.
 */
export function* commit(session: Session, table: Lying, change: () => void): Requests {
  if (session.failsToCommit) return;
  const abfs = driverOf(session, table);
  const seen = table.version;
  let target = seen + 1;
  yield* abfs.file(`_delta_log/.${versionName(target)}.json.${session.random.guid()}.tmp`, COMMIT_BYTES);
  for (;;) {
    if (table.version < target) {
      // taken before it is answered, so that no other writer is given the same number
      table.version = target;
      yield abfs.rename(`_delta_log/${versionName(target)}.json`, { shows: "commit", after: change });
      break;
    }
    yield abfs.rename(`_delta_log/${versionName(target)}.json`, { status: 409 });
    yield abfs.list("_delta_log", table.version - target + 3);
    yield* abfs.whole(`_delta_log/${versionName(target)}.json`, COMMIT_BYTES, "log");
    target = table.version + 1;
  }
  yield* checksum(session, table, target);
  if (isCheckpointDue(target)) yield* checkpoint(session, table, target);
}

function* checkpoint(session: Session, table: Lying, version: number): Requests {
  const abfs = driverOf(session, table);
  yield abfs.status("_delta_log", "GF");
  yield abfs.list("_delta_log", 14);
  yield* abfs.whole(`_delta_log/${versionName(version)}.json`, COMMIT_BYTES, "log");
  yield* abfs.file(`_delta_log/${versionName(version)}.checkpoint.parquet`, 18_000);
  const write = table.checkpoint === undefined ? abfs.file : abfs.over;
  yield* write("_delta_log/_last_checkpoint", 480);
  table.checkpoint = version;
}
