/** Tables that serve every room, and the rule that audit rows stay as they are. */
import type { StoreKind } from "../../schema/schema.ts";

const TABLES: readonly string[] = [
  "create table store_meta (name text primary key, value text not null)",

  // The last number given in each log; numbers are given under a lock, so that they grow in commit order.
  "create table log_position (log text primary key, seq bigint not null)",

  `create table access_token (
    id text primary key,
    name text not null,
    hash text not null unique,
    scopes text not null,
    created_at text not null,
    created_by text not null,
    expires_at text,
    last_used_at text,
    revoked_at text
  )`,

  `create table access_audit (
    seq bigint primary key,
    id text not null unique,
    at text not null,
    actor text not null,
    via text not null,
    address text not null,
    action text not null,
    subject text not null,
    result text not null,
    status integer,
    request_id text not null
  )`,
  "create index access_audit_by_time on access_audit (at)",

  "create table cursor_position (name text primary key, value text not null, moved_at text not null)",
  `create table cursor_lease (
    name text primary key,
    holder text not null,
    fence bigint not null,
    expires_at text not null
  )`,
];

/** Statements that make the database itself refuse the given changes of a table. */
export function refuse(kind: StoreKind, table: string, changes: readonly ("update" | "delete")[]): string[] {
  const says = `rows of ${table} are only ever added`;
  if (kind === "sqlite") {
    return changes.map(
      (change) =>
        `create trigger ${table}_no_${change} before ${change} on ${table} begin select raise(abort, '${says}'); end`,
    );
  }
  return [
    `create function ${table}_only_added() returns trigger language plpgsql as
      $$ begin raise exception '${says}' using errcode = 'insufficient_privilege'; end $$`,
    ...changes.map(
      (change) =>
        `create trigger ${table}_no_${change} before ${change} on ${table}
          for each row execute function ${table}_only_added()`,
    ),
  ];
}

/** Statements in order. */
export function groundTables(kind: StoreKind): string[] {
  return [...TABLES, ...refuse(kind, "access_audit", ["update", "delete"])];
}
