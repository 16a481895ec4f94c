/** Tables of the lineage door, as kysely sees them. */

export interface NodeTable {
  id: number;
  kind: string;
  namespace: string;
  name: string;
}

export interface EdgeTable {
  id: number;
  from_node: number;
  to_node: number;
  relation: string;
  window_days: number | null;
}

export interface SourceDay {
  source: string;
  day: string;
  version: number;
  digest: string;
  ruleset: string;
  recorded_at: string;
}

interface Counts {
  method: string;
  requests: number;
  files: number;
  bytes: number;
  commits: number;
  runs: number;
  first_at: string;
  last_at: string;
  confidence: number;
}

export interface SightingTable extends Counts {
  edge_id: number;
  source: string;
  day: string;
  attribution: string;
  group_id: string;
}

export interface SightingPrevious extends SightingTable {
  version: number;
  replaced_at: string;
}

export interface SightingMonth extends Counts {
  edge_id: number;
  source: string;
  month: string;
  day_bits: number;
}

export interface UnitTable {
  source: string;
  unit_key: string;
  digest: string;
  ruleset: string;
  days: string;
  recorded_at: string;
}

export interface ColumnEdgeTable {
  from_node: number;
  to_node: number;
  from_column: string;
  to_column: string;
  kind: string;
  source: string;
  day: string;
}

export interface AliasClaim {
  id: string;
  a_node: number;
  b_node: number;
  kind: string;
  evidence: string;
  confidence: number;
  source: string;
  status: string;
  actor: string | null;
  at: string;
}

export interface NodeCanon {
  epoch: number;
  node_id: number;
  canon_id: number;
}

export interface OlRun {
  job_node: number;
  run_id: string;
  state: string;
  io: string;
  parent: string | null;
  updated_at: string;
}

export interface OlEvent {
  seq: number;
  id: string;
  source: string;
  job_node: number | null;
  run_id: string | null;
  type: string;
  event_time: string;
  recorded_at: string;
  body_hash: string;
}

export interface BodyTable {
  hash: string;
  encoding: string;
  size: number;
  content: Uint8Array;
  stored_at: string;
}

export interface DayCoverageTable {
  source: string;
  day: string;
  content: string;
}

export interface NodeTitle {
  node_id: number;
  title: string;
  at: string;
}

export interface LineageTables {
  node: NodeTable;
  edge: EdgeTable;
  source_day: SourceDay;
  sighting: SightingTable;
  sighting_previous: SightingPrevious;
  sighting_month: SightingMonth;
  unit: UnitTable;
  column_edge: ColumnEdgeTable;
  alias_claim: AliasClaim;
  node_canon: NodeCanon;
  ol_run: OlRun;
  ol_event: OlEvent;
  body: BodyTable;
  day_coverage: DayCoverageTable;
  node_title: NodeTitle;
}
