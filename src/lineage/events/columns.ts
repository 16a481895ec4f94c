/** Columns that come from columns, by the columnLineage facet of a dataset (OpenLineage, facet versions 1-0-0 to 1-2-0). */
import type { NodeKey } from "../../store/lineage.ts";
import { isObject, type JsonObject } from "../../util/json.ts";
import { eventDataset } from "../names.ts";

/** Stands for every column of the table: a filter or a join that decides about whole rows. */
export const ALL_COLUMNS = "*";

/** A column that comes from another. */
export interface ColumnFact {
  from: NodeKey;
  to: NodeKey;
  fromColumn: string;
  /** {@link ALL_COLUMNS} for what all columns of the table depend on. */
  toColumn: string;
  /** `IDENTITY`, `TRANSFORMATION`, `AGGREGATION`; indirect ones are `JOIN`, `GROUP_BY`, `FILTER`, `SORT`, `WINDOW`, `CONDITIONAL`. */
  kind: string;
}

const INDIRECT = new Set(["INDIRECT", "JOIN", "GROUP_BY", "FILTER", "SORT", "WINDOW", "CONDITIONAL"]);

/** How a field is used; facets before 1-1-0 say it of the output column as a whole, or not at all. */
function kindsOf(input: JsonObject, field: JsonObject): string[] {
  const { transformations } = input;
  if (!Array.isArray(transformations) || transformations.length === 0) {
    return [typeof field.transformationType === "string" ? field.transformationType.toUpperCase() : "DIRECT"];
  }
  const kinds = transformations.map((one) => {
    const { type, subtype } = isObject(one) ? one : {};
    const said = [subtype, type].find((text) => typeof text === "string" && text !== "");
    return typeof said === "string" ? said.toUpperCase() : "DIRECT";
  });
  return [...new Set(kinds)];
}

function factsOf(inputs: unknown, field: JsonObject, to: NodeKey, toColumn: string): ColumnFact[] {
  return (Array.isArray(inputs) ? inputs : []).flatMap((input) => {
    if (!isObject(input)) return [];
    const { namespace, name, field: column } = input;
    if (typeof namespace !== "string" || typeof name !== "string" || typeof column !== "string") return [];
    if (name === "" || column === "") return [];
    const from = eventDataset(namespace, name);
    return kindsOf(input, field).map((kind) => ({ from, to, fromColumn: column, toColumn, kind }));
  });
}

/**
 * Spark says of every output column that it depends on every column of a join or filter, which grows with the product
 * of both: an indirect dependency that all columns share is kept once, for the table. Nothing is lost by it.
 */
function compact(facts: readonly ColumnFact[], columns: number): ColumnFact[] {
  if (columns < 2) return [...facts];
  const keyOf = (fact: ColumnFact) => `${fact.from.namespace}\n${fact.from.name}\n${fact.fromColumn}\n${fact.kind}`;
  const users = new Map<string, Set<string>>();
  for (const fact of facts) {
    if (!INDIRECT.has(fact.kind)) continue;
    const key = keyOf(fact);
    const seen = users.get(key) ?? new Set();
    users.set(key, seen.add(fact.toColumn));
  }
  const done = new Set<string>();
  return facts.flatMap((fact) => {
    const key = keyOf(fact);
    if (users.get(key)?.size !== columns) return [fact];
    if (done.has(key)) return [];
    done.add(key);
    return [{ ...fact, toColumn: ALL_COLUMNS }];
  });
}

/** The columns of an event's dataset that are said to come from others. */
export function columnsOf(dataset: unknown): ColumnFact[] {
  if (!isObject(dataset) || typeof dataset.namespace !== "string" || typeof dataset.name !== "string") return [];
  const facets = isObject(dataset.facets) ? dataset.facets : {};
  const facet = isObject(facets.columnLineage) ? facets.columnLineage : {};
  const to = eventDataset(dataset.namespace, dataset.name);
  const fields = Object.entries(isObject(facet.fields) ? facet.fields : {});
  const facts = fields.flatMap(([column, field]) =>
    isObject(field) && column !== "" ? factsOf(field.inputFields, field, to, column) : [],
  );
  return [...compact(facts, fields.length), ...factsOf(facet.dataset, {}, to, ALL_COLUMNS)];
}
