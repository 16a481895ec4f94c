/** Tables of the lineage door. */
import type { StoreKind } from "../../schema/schema.ts";
import { words } from "./dialect.ts";

const COUNTS = `
    method text not null,
    requests bigint not null,
    files bigint not null,
    bytes bigint not null,
    commits bigint not null,
    runs bigint not null,
    first_at text not null,
    last_at text not null,
    confidence double precision not null`;

/** Statements in order. */
export function lineageTables(kind: StoreKind): string[] {
  return [
    `create table node (
      id bigint primary key,
      kind text not null check (kind in ('job', 'task', 'dataset', 'principal')),
      namespace text not null,
      name text not null,
      unique (kind, namespace, name)
    )`,
    "create index node_by_name on node (name)",

    // Edges keep the names as they were seen; that two names mean one thing is a claim.
    `create table edge (
      id bigint primary key,
      from_node bigint not null references node (id),
      to_node bigint not null references node (id),
      relation text not null
        check (relation in ('reads', 'writes', 'maintains', 'defines', 'clones', 'copies', 'calls')),
      window_days integer,
      unique (from_node, to_node, relation)
    )`,
    "create index edge_by_end on edge (to_node)",

    // The unit of replacement is (source, day).
    `create table source_day (
      source text not null,
      day text not null,
      version bigint not null,
      digest text not null,
      ruleset text not null,
      recorded_at text not null,
      primary key (source, day)
    )`,
    `create table sighting (
      edge_id bigint not null references edge (id),
      source text not null,
      day text not null,
      attribution text not null,
      group_id text not null,${COUNTS},
      primary key (edge_id, source, day, attribution, group_id)
    )`,
    "create index sighting_by_day on sighting (source, day)",
    "create index sighting_by_time on sighting (day, edge_id)",
    `create table sighting_previous (
      source text not null,
      day text not null,
      version bigint not null,
      replaced_at text not null,
      edge_id bigint not null,
      attribution text not null,
      group_id text not null,${COUNTS},
      primary key (source, day, version, edge_id, attribution, group_id)
    )`,
    "create index sighting_previous_by_age on sighting_previous (replaced_at)",

    // Bit n of day_bits = day n + 1 of the month.
    `create table sighting_month (
      edge_id bigint not null references edge (id),
      source text not null,
      month text not null,
      day_bits bigint not null,${COUNTS},
      primary key (edge_id, source, month)
    )`,
    "create index sighting_month_by_source on sighting_month (source, month)",

    `create table unit (
      source text not null,
      unit_key text not null,
      digest text not null,
      ruleset text not null,
      days text not null,
      recorded_at text not null,
      primary key (source, unit_key)
    )`,

    `create table column_edge (
      from_node bigint not null references node (id),
      to_node bigint not null references node (id),
      from_column text not null,
      to_column text not null,
      kind text not null,
      source text not null,
      day text not null,
      primary key (from_node, to_node, from_column, to_column, kind, source, day)
    )`,
    "create index column_edge_by_end on column_edge (to_node, to_column)",
    "create index column_edge_by_day on column_edge (source, day)",

    `create table alias_claim (
      id text primary key,
      a_node bigint not null references node (id),
      b_node bigint not null references node (id),
      kind text not null,
      evidence text not null,
      confidence double precision not null,
      source text not null,
      status text not null check (status in ('proposed', 'active', 'rejected')),
      actor text,
      at text not null
    )`,
    "create index alias_claim_by_a on alias_claim (a_node)",
    "create index alias_claim_by_b on alias_claim (b_node)",

    `create table node_canon (
      epoch bigint not null,
      node_id bigint not null references node (id),
      canon_id bigint not null references node (id),
      primary key (epoch, node_id)
    )`,

    `create table ol_run (
      job_node bigint not null references node (id),
      run_id text not null,
      state text not null,
      io text not null,
      parent text,
      updated_at text not null,
      primary key (job_node, run_id)
    )`,
    "create index ol_run_by_id on ol_run (run_id)",

    `create table body (
      hash text primary key,
      encoding text not null,
      size bigint not null,
      content ${words(kind).bytes} not null,
      stored_at text not null
    )`,
    `create table ol_event (
      seq bigint primary key,
      id text not null unique,
      source text not null,
      job_node bigint references node (id),
      run_id text,
      type text not null,
      event_time text not null,
      recorded_at text not null,
      body_hash text not null
    )`,
    "create index ol_event_by_run on ol_event (run_id)",
    "create index ol_event_by_body on ol_event (body_hash)",
  ];
}
