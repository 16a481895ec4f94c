/** Nodes and edges in SQL. */
import { sql } from "kysely";
import { utc } from "../../../util/clock.ts";
import { type Database, inTransaction } from "../../database.ts";
import type { EdgeKey, LineageNode, LineageStore, NodeKey, NodeKind, Relation } from "../../lineage.ts";
import type { NodeTable } from "../../schema/lineage.ts";
import { type Counter, nextSeq } from "../../seq.ts";
import { groupCommit } from "../group-commit.ts";
import { type Column, insertMany, selectMany } from "../many.ts";

const NODE_KEY: readonly Column[] = [
  ["kind", "text"],
  ["namespace", "text"],
  ["name", "text"],
];
const EDGE_KEY: readonly Column[] = [
  ["from_node", "bigint"],
  ["to_node", "bigint"],
  ["relation", "text"],
];

/** A table whose rows are found by a natural key and made with the next id. */
function keyed(table: "node" | "edge", columns: readonly Column[]) {
  const counter: Counter = table;
  const names = columns.map(([name]) => name);
  const same = names.map((name) => `t.${name} = k.${name}`).join(" and ");
  const select = selectMany<Record<string, unknown>>(
    columns,
    `select t.id, ${names.map((name) => `t.${name}`).join(", ")} from KEYS join ${table} t on ${same}`,
  );
  const insert = insertMany(table, [["id", "bigint"], ...columns], "on conflict do nothing");
  const keyOf = (row: Record<string, unknown>) => JSON.stringify(names.map((name) => row[name]));
  return async (database: Database, keys: readonly (readonly unknown[])[]): Promise<number[]> => {
    const wanted = new Map(keys.map((key) => [JSON.stringify(key), key]));
    const ids = new Map<string, number>();
    const find = async (within: Pick<Database, "db" | "kind">) => {
      const missing = [...wanted].filter(([text]) => !ids.has(text)).map(([, key]) => key);
      for (const row of await select(within.db, within.kind, missing)) ids.set(keyOf(row), row.id as number);
    };
    await find({ db: database.read, kind: database.kind });
    const missing = [...wanted].filter(([text]) => !ids.has(text)).map(([, key]) => key);
    if (missing.length > 0) {
      await inTransaction(database, async (within) => {
        const first = await nextSeq(within.db, counter, missing.length);
        await insert(
          within.db,
          within.kind,
          missing.map((key, index) => [first + index, ...key]),
        );
        // Another writer may have made some of them meanwhile.
        await find(within);
      });
    }
    return keys.map((key) => ids.get(JSON.stringify(key)) as number);
  };
}

/** Nodes that calls gathered into one transaction may name together. */
const NODES_AT_ONCE = 1_000;

const nodeIds = keyed("node", NODE_KEY);
const edgeIds = keyed("edge", EDGE_KEY);
type NodeRow = NodeTable & { title: string | null };
const nodesById = selectMany<NodeRow>(
  [["id", "bigint"]],
  "select t.*, n.title from KEYS join node t on t.id = k.id left join node_title n on n.node_id = t.id",
);
const nodesByKey = selectMany<NodeRow>(
  NODE_KEY,
  `select t.*, n.title from KEYS join node t on t.kind = k.kind and t.namespace = k.namespace and t.name = k.name
    left join node_title n on n.node_id = t.id`,
);
const upsertTitles = insertMany(
  "node_title",
  [
    ["node_id", "bigint"],
    ["title", "text"],
    ["at", "text"],
  ],
  `on conflict (node_id) do update set title = excluded.title, at = excluded.at
    where node_title.title <> excluded.title`,
);

/** What no database takes as text, and would give back otherwise than it was asked for: NUL, halves of characters. */
const clean = (text: string): string => text.replace(/\0|\p{Surrogate}/gu, "\uFFFD");
const nodeOf = ({ title, ...row }: NodeRow): LineageNode => ({
  ...row,
  kind: row.kind as NodeKind,
  ...(title === null ? {} : { title }),
});

/** The part of the lineage door about nodes and edges. */
export function sqlGraph(
  database: Database,
): Pick<
  LineageStore,
  | "upsertNodes"
  | "upsertEdges"
  | "nodes"
  | "findNode"
  | "findNodes"
  | "putTitles"
  | "searchNodes"
  | "edgesOf"
  | "setEdgeWindows"
> {
  const { db, read, kind, clock } = database;
  // Every new job of a request of its own would be a commit of its own: those that come together are made together.
  const gatherNodes = groupCommit<readonly (readonly unknown[])[], number[]>(
    async (calls) => {
      const ids = await nodeIds(database, calls.flat());
      let next = 0;
      return calls.map(({ length }) => {
        next += length;
        return { output: ids.slice(next - length, next) };
      });
    },
    ({ length }) => length,
    NODES_AT_ONCE,
  );
  const titled = () =>
    read
      .selectFrom("node")
      .leftJoin("node_title", "node_title.node_id", "node.id")
      .select(["node.id", "node.kind", "node.namespace", "node.name", "node_title.title"]);
  return {
    async upsertNodes(nodes) {
      const keys = nodes.map((node) => [node.kind, clean(node.namespace), clean(node.name)]);
      if (db.isTransaction) return nodeIds(database, keys);
      database.mayConnect();
      return gatherNodes(keys);
    },

    upsertEdges: (edges) =>
      edgeIds(
        database,
        edges.map((edge) => [edge.from, edge.to, edge.relation]),
      ),

    async nodes(ids) {
      const rows = await nodesById(
        read,
        kind,
        [...new Set(ids)].map((id) => [id]),
      );
      return rows.map(nodeOf);
    },

    async findNode(key: NodeKey) {
      const row = await titled()
        .where("kind", "=", key.kind)
        .where("namespace", "=", key.namespace)
        .where("name", "=", key.name)
        .executeTakeFirst();
      return row && nodeOf(row);
    },

    async findNodes(keys) {
      const rows = await nodesByKey(
        read,
        kind,
        keys.map((key) => [key.kind, key.namespace, key.name]),
      );
      return rows.map(nodeOf);
    },

    async putTitles(titles) {
      const at = utc(clock.now());
      await inTransaction(database, (within) =>
        upsertTitles(
          within.db,
          kind,
          titles.map(({ node, title }) => [node, clean(title), at]),
        ),
      );
    },

    async searchNodes(text, filter = {}) {
      let query = titled();
      for (const word of text.toLowerCase().split(/\s+/).filter(Boolean)) {
        const pattern = `%${word.replace(/[\\%_]/g, "\\$&")}%`;
        query = query.where(
          sql<boolean>`lower(node.name || ' ' || coalesce(node_title.title, '')) like ${pattern} escape '\\'`,
        );
      }
      if (filter.kind !== undefined) query = query.where("node.kind", "=", filter.kind);
      const rows = await query
        .orderBy(sql`length(node.name)`)
        .orderBy("node.name")
        .orderBy("node.namespace")
        .limit(filter.limit ?? 50)
        .execute();
      return rows.map(nodeOf);
    },

    async edgesOf(node) {
      const rows = await read
        .selectFrom("edge")
        .select(["id", "from_node", "to_node", "relation"])
        .where((eb) => eb.or([eb("from_node", "=", node), eb("to_node", "=", node)]))
        .orderBy("id")
        .execute();
      return rows.map((row): EdgeKey & { edgeId: number } => ({
        edgeId: row.id,
        from: row.from_node,
        to: row.to_node,
        relation: row.relation as Relation,
      }));
    },

    async setEdgeWindows(windows) {
      await inTransaction(database, async (within) => {
        for (const { edgeId, days } of windows) {
          await within.db.updateTable("edge").set({ window_days: days }).where("id", "=", edgeId).execute();
        }
      });
    },
  };
}
