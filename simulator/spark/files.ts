/** Reading and writing files as Spark does for formats without a log of their own: Parquet, CSV, JSON. */
import { addFiles, type LakeFile, type Lying, partitionAt } from "../lake.ts";
import { driverOf, type Requests, type Session, sizes } from "./session.ts";

const EXTENSIONS = { parquet: "snappy.parquet", csv: "csv", json: "json" } as const;

/** Reads rows: status, the probe for a streaming sink's metadata, the lists, the files. */
export function* scanFiles(session: Session, lying: Lying, most: number): Requests {
  const abfs = driverOf(session, lying);
  yield abfs.status("", "GF");
  yield abfs.status("_spark_metadata", "GF", false);
  yield abfs.list("", lying.files.length);
  const files = lying.files.slice(-most);
  const folders = new Set(files.map(({ path }) => path.split("/").slice(0, -1).join("/")).filter(Boolean));
  for (const folder of folders) yield abfs.list(folder, 3);
  for (const { path, bytes } of files) {
    if (lying.format === "parquet") yield* abfs.parquet(path, bytes, "rows");
    else {
      yield abfs.status(path, "GF");
      yield* abfs.whole(path, bytes, "rows");
    }
  }
}

/**
 * Writes rows with Spark's own committer: into `_temporary`, renamed to the task's folder, then file by file into
 * place. What is appended never names the final file. At the end a deletion of a staging folder that is not there.
 */
export function* writeFiles(session: Session, lying: Lying, count: number, isOverwrite: boolean): Requests {
  const abfs = driverOf(session, lying);
  const job = session.random.guid();
  const stamp = `${new Date(session.now()).toISOString().slice(0, 19).replace(/\D/g, "")}${session.random.int(1e9)}`;
  const partition = partitionAt(lying, session.now());
  yield abfs.status("", "GF");
  if (isOverwrite && lying.files.length > 0 && partition === undefined) yield abfs.removeFolder("");
  yield abfs.mkdir("_temporary/0");
  const extension = EXTENSIONS[lying.format as keyof typeof EXTENSIONS] ?? "parquet";
  const made: LakeFile[] = [];
  for (const [index, bytes] of sizes(session, lying, count).entries()) {
    const leaf = `part-${String(index).padStart(5, "0")}-${job}-c000.${extension}`;
    const path = partition === undefined ? leaf : `${partition}/${leaf}`;
    const attempt = `_temporary/0/_temporary/attempt_${stamp}_0001_m_${String(index).padStart(6, "0")}_0`;
    yield* abfs.file(`${attempt}/${path}`, bytes);
    yield abfs.renameFolder(`_temporary/0/task_${stamp}_0001_m_${String(index).padStart(6, "0")}`);
    made.push({ path, bytes });
  }
  if (session.failsToCommit) return;
  yield abfs.list("_temporary/0", count);
  for (const { path } of made) yield abfs.rename(path, { shows: "moved" });
  yield abfs.removeFolder("_temporary");
  yield* abfs.file("_SUCCESS", 0);
  yield abfs.removeFolder(`.spark-staging-${job}`, false);
  if (isOverwrite) lying.files = [];
  addFiles(lying, made);
}

/** A streaming query's checkpoint: an offset, then a commit, each written beside its place and renamed. */
export function* streamCheckpoint(session: Session, lying: Lying): Requests {
  const abfs = driverOf(session, lying);
  const batch = session.random.between(1_000, 9_999);
  yield* abfs.whole("metadata", 45, "log");
  for (const kind of ["offsets", "commits"]) {
    yield abfs.list(kind, 4);
    yield* abfs.file(`${kind}/.${batch}.${session.random.guid()}.tmp`, 620);
    yield abfs.rename(`${kind}/${batch}`);
  }
}
