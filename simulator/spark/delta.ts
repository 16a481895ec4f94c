/** Reading and writing rows of Delta tables. */
import { addFiles, drop, type LakeFile, type Lying, partitionAt, partName } from "../lake.ts";
import type { Request } from "../request.ts";
import { commit, snapshot } from "./delta-log.ts";
import { driverOf, type Requests, type Session, sizes } from "./session.ts";

/** Reads rows: the snapshot, then the files; of a shallow clone they lie under the table it was cloned from. */
export function* scan(session: Session, table: Lying, most: number): Requests {
  yield* snapshot(session, table);
  yield* rowsOf(session, table, pick(table, most));
  if (table.source !== undefined) yield* rowsOf(session, table.source, pick(table.source, most - table.files.length));
}

const pick = (table: Lying, most: number): LakeFile[] => (most <= 0 ? [] : table.files.slice(-most));

function* rowsOf(session: Session, table: Lying, files: readonly LakeFile[]): Requests {
  const abfs = driverOf(session, table);
  for (const { path, bytes } of files) yield* abfs.parquet(path, bytes, "rows", session.random.between(1, 2));
}

function* parts(session: Session, table: Lying, count: number): Generator<Request, LakeFile[]> {
  const abfs = driverOf(session, table);
  const partition = partitionAt(table, session.now());
  const made: LakeFile[] = [];
  for (const [index, bytes] of sizes(session, table, count).entries()) {
    const file = { path: partName(session.random, index, partition), bytes };
    yield* abfs.file(file.path, bytes, "put");
    made.push(file);
  }
  return made;
}

/** Appends rows. */
export function* append(session: Session, table: Lying, files: number): Requests {
  yield* snapshot(session, table, false);
  const made = yield* parts(session, table, files);
  yield* commit(session, table, () => addFiles(table, made));
}

/** Replaces all rows. */
export function* overwrite(session: Session, table: Lying, files: number): Requests {
  yield* snapshot(session, table);
  const made = yield* parts(session, table, files);
  yield* commit(session, table, () => {
    drop(table, [...table.files]);
    addFiles(table, made);
  });
}

/** MERGE, UPDATE, DELETE: reads files of the table itself and writes them anew. Into an empty table nothing is read. */
export function* rewrite(session: Session, table: Lying, files: number): Requests {
  yield* snapshot(session, table, true);
  const touched = pick(table, files);
  yield* rowsOf(session, table, touched);
  const made = yield* parts(session, table, Math.max(1, files));
  yield* commit(session, table, () => {
    drop(table, touched);
    addFiles(table, made);
  });
}

/** OPTIMIZE: many small files become one. With nothing to do only the log is read. */
export function* optimize(session: Session, table: Lying): Requests {
  yield* snapshot(session, table, true);
  const small = table.files.slice(-12);
  if (small.length < 2) return;
  yield* rowsOf(session, table, small);
  const made = yield* parts(session, table, 1);
  yield* commit(session, table, () => {
    drop(table, small);
    addFiles(table, made);
  });
}

/** VACUUM: lists all, deletes what no version names, and commits its begin and its end. */
export function* vacuum(session: Session, table: Lying): Requests {
  const abfs = driverOf(session, table);
  yield* snapshot(session, table, true);
  yield* commit(session, table, () => undefined);
  yield abfs.list("", table.files.length + table.dropped.length, true);
  const gone = table.dropped;
  for (const file of gone) yield abfs.remove(file.path, { shows: "deleted" });
  table.dropped = [];
  yield* commit(session, table, () => undefined);
  yield* abfs.over("_delta_log/_last_vacuum_info", 44);
}

/** CREATE TABLE … AS SELECT, the writing half: Spark's placeholder in the warehouse, then version 0 or the next. */
export function* create(session: Session, table: Lying, files: number): Requests {
  const warehouse = { name: table.name, folder: { ...table.folder, path: "warehouse" } };
  const placeholder = driverOf(session, warehouse);
  const name = `${table.name.split(".").slice(-2).join(".db/")}-__PLACEHOLDER__`;
  yield placeholder.status(name, "GF", false);
  yield placeholder.mkdir(name);
  yield placeholder.status(name, "LS");
  yield placeholder.removeFolder(name);
  yield* overwrite(session, table, files);
}

/** SHALLOW CLONE, the writing half: the target's log names the source's files; of the source only the log is read. */
export function* shallowClone(session: Session, source: Lying, target: Lying): Requests {
  yield* snapshot(session, target, false);
  yield* commit(session, target, () => {
    target.source = source;
    target.files = [];
  });
}
