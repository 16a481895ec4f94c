/** What an operation of Azure storage does to the path it names, for lineage. */

/** `put` brings bytes to the path, `move` renames something to the path, `touch` changes no bytes. */
export type Effect = "read" | "put" | "move" | "create" | "delete" | "list" | "status" | "touch";

/**
 * Operation names of resource logs and what they do (Azure Storage documentation: operations logged, and "Map each REST
 * operation to a price"). A rename is logged at its destination. The names after the blank line occur in older or other
 * lists and mean the same.
 */
const EFFECTS: Readonly<Record<string, Effect>> = {
  ReadFile: "read",
  GetBlob: "read",
  QueryBlobContents: "read",
  AppendFile: "put",
  FlushFile: "put",
  PutBlob: "put",
  PutBlock: "put",
  PutBlockList: "put",
  PutBlockFromURL: "put",
  PutBlobFromURL: "put",
  AppendBlock: "put",
  AppendBlockThroughCopy: "put",
  PutPage: "put",
  CopyBlob: "put",
  CopyBlobDestination: "put",
  CopyBlobFromURL: "put",
  IncrementalCopyBlob: "put",
  CopyBlobSource: "read",
  RenamePathFile: "move",
  RenamePathDir: "move",
  CreatePathFile: "create",
  CreatePathDir: "touch",
  DeleteFile: "delete",
  DeleteDirectory: "delete",
  DeleteBlob: "delete",
  ListFilesystemDir: "list",
  ListFilesystemFile: "list",
  ListBlobs: "list",
  GetPathStatus: "status",
  GetFileProperties: "status",
  GetBlobProperties: "status",
  GetBlobMetadata: "status",
  GetBlockList: "status",
  GetBlobTags: "status",
  GetPathAccessControl: "touch",
  SetPathAccessControl: "touch",
  SetFileProperties: "touch",
  SetFilesystemProperties: "touch",
  GetFilesystemProperties: "touch",
  GetContainerProperties: "touch",
  ListFilesystems: "touch",
  ListContainers: "touch",
  LeaseFile: "touch",
  AcquireBlobLease: "touch",
  RenewBlobLease: "touch",
  ReleaseBlobLease: "touch",
  BreakBlobLease: "touch",
  ChangeBlobLease: "touch",
  SetBlobMetadata: "touch",
  SetBlobProperties: "touch",
  SetBlobTier: "touch",
  SetBlobTags: "touch",
  SnapshotBlob: "touch",
  UndeleteBlob: "touch",
  CreateContainer: "touch",
  CreateFilesystem: "touch",
  DeleteContainer: "touch",
  DeleteFilesystem: "touch",
  GetUserDelegationKey: "touch",

  CreateFile: "create",
  RenameFile: "move",
  DeletePathFile: "delete",
  ListPath: "list",
};

/** The effect of an operation; undefined for one this version does not know. */
export function effectOf(operation: string): Effect | undefined {
  return Object.hasOwn(EFFECTS, operation) ? EFFECTS[operation] : undefined;
}

/**
 * `done` has happened; `denied` was refused for lack of rights; everything else did not happen: probes (404), lost
 * races (409, 412), retries (500, 503, `Unknown`).
 */
export function outcomeOf(status: string): "done" | "denied" | "failed" {
  if (/^20\d$/.test(status)) return "done";
  return status === "401" || status === "403" ? "denied" : "failed";
}
