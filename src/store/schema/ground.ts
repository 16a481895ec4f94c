/** Tables that serve every room: tokens, audit, cursors, leases, counters, and who made the schema. */

export interface AccessToken {
  id: string;
  name: string;
  hash: string;
  scopes: string;
  created_at: string;
  created_by: string;
  expires_at: string | null;
  last_used_at: string | null;
  revoked_at: string | null;
}

export interface AccessAudit {
  seq: number;
  id: string;
  at: string;
  actor: string;
  via: string;
  address: string;
  action: string;
  subject: string;
  result: string;
  status: number | null;
  request_id: string;
}

export interface CursorTable {
  name: string;
  value: string;
  moved_at: string;
}

export interface LeaseTable {
  name: string;
  holder: string;
  fence: number;
  expires_at: string;
}

/** The last number given in a log; numbers are never used twice, also after rows were purged. */
export interface LogPosition {
  log: string;
  seq: number;
}

/** A small file of a deployment: its state, its lock, a definition that was kept. */
export interface TextFile {
  folder: string;
  name: string;
  content: string;
  written_at: string;
}

export interface StoreMeta {
  name: string;
  value: string;
}

export interface GroundTables {
  access_token: AccessToken;
  access_audit: AccessAudit;
  cursor_position: CursorTable;
  cursor_lease: LeaseTable;
  log_position: LogPosition;
  text_file: TextFile;
  store_meta: StoreMeta;
}
