/** Requests as Hadoop's ABFS driver makes them, before they belong to anybody: operation, path, status, what they show. */
import type { Folder } from "./world.ts";

/**
 * What a request proves of the lineage: rows were read, bytes put into a data file, a file moved into place, a version
 * committed, a file deleted, a log read; `tried` was refused.
 */
export type Shows = "rows" | "put" | "moved" | "commit" | "deleted" | "log" | "tried";

/** One request. */
export interface Request {
  /** `operationName` of the resource log. */
  operation: string;
  /** Operation code of the driver's client request id: `RE`, `WR`, …; other clients have none. */
  code?: string;
  /** Default: `dfs`, that of the driver. */
  endpoint?: "blob" | "queue";
  status: number | "Unknown";
  /** Name of the table or place it is about. */
  of: string;
  folder: Folder;
  /** Below the container, decoded. */
  path: string;
  /** Query of the URI without `timeout`. */
  query: string;
  /** Body sizes. */
  sent?: number;
  received?: number;
  range?: string;
  condition?: string;
  /** Requests of one open file have the same. */
  stream?: string;
  shows?: Shows;
  /** What is different once it was answered: a file is there, a version is committed. */
  after?: () => void;
}

const join = (...parts: string[]): string => parts.filter((part) => part !== "").join("/");

/** Encodes a path as the driver does: slashes plain, `=` as `%3D`, a blank as `%20`. */
export const encodePath = (path: string): string => path.split("/").map(encodeURIComponent).join("/");

const FOOTER_READ = 4_194_304;

/** Makes the requests of the driver below the folder of a table or place. @param stream draws the id of an opened file */
export function driver(of: string, folder: Folder, stream: () => string) {
  const at = (path: string): Pick<Request, "of" | "folder" | "path"> => ({ of, folder, path: join(folder.path, path) });
  const status = (path: string, code: "GF" | "OP" | "CR" | "LS", found = true): Request => ({
    operation: "GetPathStatus",
    code,
    status: found ? 200 : 404,
    query: "upn=false&action=getStatus",
    ...at(path),
  });
  const list = (path: string, entries: number, recursive = false): Request => ({
    operation: "ListFilesystemDir",
    code: "LS",
    status: 200,
    of,
    folder,
    path: "",
    query: `upn=false&resource=filesystem&maxResults=5000&directory=${encodePath(join(folder.path, path))}&recursive=${recursive}`,
    received: 120 + 210 * entries,
  });
  const read = (path: string, from: number, to: number, has: number, shows: Shows, id: string): Request => ({
    operation: "ReadFile",
    code: "RE",
    status: 206,
    query: "",
    range: `bytes=${from}-${to}`,
    received: Math.max(1, Math.min(to + 1, has) - from),
    condition: "If-Match",
    stream: id,
    shows,
    ...at(path),
  });
  const create = (path: string): Request => ({
    operation: "CreatePathFile",
    code: "CR",
    status: 201,
    query: "resource=file",
    condition: "If-None-Match=*",
    ...at(path),
  });
  const append = (path: string, bytes: number, id: string, shows?: Shows): Request => ({
    operation: "AppendFile",
    code: "WR",
    status: 202,
    query: "action=append&position=0",
    sent: bytes,
    stream: id,
    ...(shows === undefined ? {} : { shows }),
    ...at(path),
  });
  const flush = (path: string, bytes: number, id: string, shows?: Shows): Request => ({
    operation: "FlushFile",
    code: "WR",
    status: 200,
    query: `action=flush&retainUncommittedData=false&position=${bytes}&close=true`,
    stream: id,
    ...(shows === undefined ? {} : { shows }),
    ...at(path),
  });
  const simple = (
    operation: string,
    code: string,
    path: string,
    query: string,
    more: Partial<Request> = {},
  ): Request => ({ operation, code, status: 200, query, ...at(path), ...more });
  return {
    status,
    list,
    /** Reads a small file from its begin, after its status was asked. */
    *whole(path: string, bytes: number, shows: Shows): Generator<Request> {
      yield status(path, "OP");
      yield read(path, 0, FOOTER_READ - 1, bytes, shows, stream());
    },
    /** Reads a Parquet file: its footer first, asked beyond the end, then column chunks. */
    *parquet(path: string, bytes: number, shows: Shows, chunks = 1): Generator<Request> {
      yield status(path, "GF");
      yield status(path, "OP");
      const id = stream();
      const footer = Math.max(0, bytes - 8);
      yield read(path, footer, footer + FOOTER_READ - 1, bytes, shows, id);
      for (let chunk = 0; chunk < chunks; chunk++) {
        const from = 4 + Math.floor((footer * chunk) / chunks);
        yield read(path, from, Math.max(from, Math.floor((footer * (chunk + 1)) / chunks) - 1), bytes, shows, id);
      }
    },
    /** Writes a file: create, append, flush. @param shows what its bytes prove; a log's or staged ones nothing */
    *file(path: string, bytes: number, shows?: Shows): Generator<Request> {
      yield create(path);
      const id = stream();
      yield append(path, bytes, id, shows);
      yield flush(path, bytes, id, shows);
    },
    /** Writes over a file that is there: refused first, then again under the condition that nobody else did. */
    *over(path: string, bytes: number): Generator<Request> {
      yield { ...create(path), status: 409 };
      yield status(path, "CR");
      yield { ...create(path), condition: "If-Match" };
      const id = stream();
      yield append(path, bytes, id);
      yield flush(path, bytes, id);
    },
    mkdir: (path: string) => simple("CreatePathDir", "MK", path, "resource=directory", { status: 201 }),
    /** A rename is logged at its destination; where it came from is not in the line. */
    rename: (path: string, more: Partial<Request> = {}) =>
      simple("RenamePathFile", "RN", path, "", { status: 201, condition: "If-None-Match=*", ...more }),
    renameFolder: (path: string, more: Partial<Request> = {}) =>
      simple("RenamePathDir", "RN", path, "", { status: 201, condition: "If-None-Match=*", ...more }),
    remove: (path: string, more: Partial<Request> = {}) => simple("DeleteFile", "DL", path, "recursive=false", more),
    removeFolder: (path: string, found = true, more: Partial<Request> = {}) =>
      simple(found ? "DeleteDirectory" : "DeleteFile", "DL", path, "recursive=true", {
        status: found ? 200 : 404,
        ...more,
      }),
  };
}

export type Driver = ReturnType<typeof driver>;
