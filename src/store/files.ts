/**
 * Door of small text files: states of deployments with what lies beside them, where all who deploy share one database.
 *
 * @example
 * if (await store.files.createNew("42/retail/prod/lock/7.json", record)) await store.files.write(path, state)
 */

/** Text files by path; folders are there while something is in them. Paths are parted by `/`. */
export interface FileStore {
  /** Text of a file, or undefined where there is none. */
  read(path: string): Promise<string | undefined>;
  /** Writes or replaces a file. */
  write(path: string, text: string): Promise<void>;
  /** Makes a file only if there is none: true when made by this call. */
  createNew(path: string, text: string): Promise<boolean>;
  /** Removing what is not there is no error. */
  remove(path: string): Promise<void>;
  /** Names of the files in a folder (no folder: none), sorted. */
  list(path: string): Promise<string[]>;
  /** Names of the folders in a folder (no folder: none), sorted. */
  folders(path: string): Promise<string[]>;
  /** What the clock of the database says, milliseconds since 1970: one clock for all who share it. */
  now(): Promise<number>;
}
