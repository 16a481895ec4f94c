/**
 * Tables that statements read and write, and a tiny interpreter of exactly the statements that headgate sends to its
 * control and tracking tables. Names are of three parts in backticks: only such statements are answered here.
 *
 * Source: Databricks SQL reference (`CREATE TABLE`, `MERGE INTO`, `DELETE FROM`, `from_json`). Understood are:
 * `CREATE TABLE IF NOT EXISTS t (column TYPE …, …) …` · `SELECT * FROM t` · `DELETE FROM t WHERE
 * array_contains(from_json(:p, …), column)` · `MERGE INTO t USING (SELECT inline(from_json(:p, …))) AS s ON t.a = s.a …`
 * with `WHEN MATCHED [AND NOT (t.x <=> s.x …)] THEN UPDATE SET …`, `WHEN NOT MATCHED THEN INSERT (…) VALUES (…)` and
 * `WHEN NOT MATCHED BY SOURCE AND array_contains(from_json(:p, …), t.x) THEN DELETE` · the same
 * `ON CAST(t.a AS STRING) <=> s.was.a …` with `raise_error` where a row is not what `was` says (`kind`: update, insert,
 * delete).
 */
import { isObject, type Json, type JsonObject, parseJson } from "../json.ts";
import type { AskedStatement, StatementAnswer } from "./answers.ts";

export interface FakeTable {
  columns: { name: string; type: string }[];
  /** Values by column; NULL where a row says nothing. */
  rows: JsonObject[];
}

export interface FakeTables {
  /** Puts a table there, by its name of three parts. */
  set(name: string, table: FakeTable): void;
  get(name: string): FakeTable | undefined;
  /** The answer; undefined for a statement that names no table in backticks. */
  answer(asked: AskedStatement, now: number): StatementAnswer | undefined;
}

const NAME = "((?:`[^`]+`\\.){2}`[^`]+`)";
const plainName = (quoted: string) => quoted.replaceAll("`", "").toLowerCase();

class Refused extends Error {
  readonly sqlState: string;
  constructor(sqlState: string, message: string) {
    super(message);
    this.sqlState = sqlState;
  }
}

interface Work {
  asked: AskedStatement;
  now: string;
}

function parameter(name: string | undefined, { asked }: Work): Json {
  const text = asked.parameters[name ?? ""];
  if (typeof text !== "string") throw new Refused("42P02", `[UNBOUND_SQL_PARAMETER] :${name}`);
  return parseJson(text);
}

/** Parts of a list that are separated by commas outside of brackets and texts. */
function parts(list: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let current = "";
  let quote = "";
  for (const character of list) {
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === "'" || character === "`") quote = character;
    else if ("(<".includes(character)) depth += 1;
    else if (")>".includes(character)) depth -= 1;
    if (character === "," && depth === 0 && quote === "") {
      found.push(current.trim());
      current = "";
    } else current += character;
  }
  if (current.trim() !== "") found.push(current.trim());
  return found;
}

/** Value of `s.x`, `current_user()`, `current_timestamp()`. */
function computed(expression: string, source: JsonObject, { asked, now }: Work): Json {
  const column = /^s\.(\w+)$/.exec(expression)?.[1];
  if (column !== undefined) return source[column] ?? null;
  if (expression === "current_user()") return asked.principal;
  if (expression === "current_timestamp()") return now;
  if (expression === "NULL") return null;
  throw new Refused("0A000", `this fake does not compute ${expression}`);
}

const same = (a: Json | undefined, b: Json | undefined) => String(a ?? null) === String(b ?? null);

function create(tables: Map<string, FakeTable>, name: string, columns: string): StatementAnswer {
  if (tables.has(name)) return {};
  const described = parts(columns).map((part) => {
    const [column = "", type = "STRING"] = part.split(/\s+/);
    return { name: column.replaceAll("`", ""), type: type.toUpperCase() };
  });
  tables.set(name, { columns: described, rows: [] });
  return {};
}

function select(table: FakeTable): StatementAnswer {
  return {
    columns: table.columns,
    rows: table.rows.map((row) => table.columns.map(({ name }) => row[name] ?? null)),
  };
}

const LIST = "array_contains\\(from_json\\(:(\\w+), '[^']*'\\), (?:t\\.)?(\\w+)\\)";

function holds(list: Json, value: Json | undefined): boolean {
  return Array.isArray(list) && value !== null && value !== undefined && list.some((item) => same(item, value));
}

function remove(table: FakeTable, condition: string, work: Work): StatementAnswer {
  const match = new RegExp(`^${LIST}$`).exec(condition.trim());
  if (match === null) throw new Refused("0A000", `this fake does not compute ${condition}`);
  const list = parameter(match[1], work);
  const left = table.rows.filter((row) => !holds(list, row[match[2] ?? ""]));
  const gone = table.rows.length - left.length;
  table.rows = left;
  return counts({ num_affected_rows: gone });
}

function counts(numbers: Record<string, number>): StatementAnswer {
  return {
    columns: Object.keys(numbers).map((name) => ({ name, type: "BIGINT" })),
    rows: [Object.values(numbers)],
  };
}

function assignments(text: string): [string, string][] {
  return parts(text).map((part) => {
    const [column = "", expression = ""] = part.split(/\s*=\s*/);
    return [column.replace(/^t\./, ""), expression];
  });
}

function merge(table: FakeTable, rest: string, work: Work): StatementAnswer {
  const form =
    /^AS t\s+USING \(SELECT inline\(from_json\(:(\w+), '[^']*'\)\)\) AS s\s+ON ([^\n]+?)\s+(WHEN [\s\S]+)$/.exec(rest);
  if (form === null) throw new Refused("0A000", "this fake does not understand that MERGE");
  const [, name, on = "", clauses = ""] = form;
  const given = parameter(name, work);
  const sources = (Array.isArray(given) ? given : []).filter(isObject);
  const keys = [...on.matchAll(/t\.(\w+) = s\.(\w+)/g)].map((match) => [match[1] ?? "", match[2] ?? ""] as const);
  const matches = (row: JsonObject, source: JsonObject) =>
    keys.every(([left, right]) => row[left] !== null && row[left] !== undefined && same(row[left], source[right]));
  const update = /WHEN MATCHED(?: AND NOT \(([^)]*)\))? THEN UPDATE SET ([\s\S]*?)(?=\s+WHEN |$)/.exec(clauses);
  const insert = /WHEN NOT MATCHED THEN INSERT \(([^)]*)\) VALUES \(([\s\S]*?)\)(?=\s+WHEN |$)/.exec(clauses);
  const dropped = new RegExp(`WHEN NOT MATCHED BY SOURCE AND ${LIST} THEN DELETE`).exec(clauses);
  const numbers = { num_affected_rows: 0, num_updated_rows: 0, num_deleted_rows: 0, num_inserted_rows: 0 };
  const fresh: JsonObject[] = [];
  const updates: [JsonObject, JsonObject][] = [];
  for (const source of sources) {
    const hits = table.rows.filter((row) => matches(row, source));
    if (hits.length === 0 && insert !== null) {
      const values = parts(insert[2] ?? "").map((expression) => computed(expression, source, work));
      fresh.push(Object.fromEntries(parts(insert[1] ?? "").map((column, index) => [column, values[index] ?? null])));
    }
    for (const row of hits) {
      if (updates.some(([other]) => other === row)) throw new Refused("21506", "[DELTA_MULTIPLE_SOURCE_ROW_MATCHING]");
      const compared = [...(update?.[1] ?? "").matchAll(/t\.(\w+) <=> s\.(\w+)/g)];
      const equal = compared.length > 0 && compared.every((pair) => same(row[pair[1] ?? ""], source[pair[2] ?? ""]));
      if (update === null || equal) continue;
      const set = assignments(update[2] ?? "").map(([column, expression]) => [
        column,
        computed(expression, source, work),
      ]);
      updates.push([row, Object.fromEntries(set) as JsonObject]);
    }
  }
  if (dropped !== null) {
    const list = parameter(dropped[1], work);
    const left = table.rows.filter(
      (row) => !holds(list, row[dropped[2] ?? ""]) || sources.some((source) => matches(row, source)),
    );
    numbers.num_deleted_rows = table.rows.length - left.length;
    table.rows = left;
  }
  for (const [row, values] of updates) Object.assign(row, values);
  table.rows.push(...fresh);
  numbers.num_updated_rows = updates.length;
  numbers.num_inserted_rows = fresh.length;
  numbers.num_affected_rows = updates.length + fresh.length + numbers.num_deleted_rows;
  return counts(numbers);
}

const text = (value: Json | undefined): string | null => (value === null || value === undefined ? null : String(value));

/** CAST of a text to a column's type. @throws Refused CAST_INVALID_INPUT */
function cast(value: Json | undefined, type: string): Json {
  if (typeof value !== "string" || type === "STRING") return value ?? null;
  if (type === "BOOLEAN" && /^(true|false)$/i.test(value)) return value.toLowerCase() === "true";
  if (type !== "BOOLEAN" && /^[+-]?\d+$/.test(value)) return Number(value);
  throw new Refused(
    "22018",
    `[CAST_INVALID_INPUT] The value '${value}' of the type "STRING" cannot be cast to "${type}"`,
  );
}

/** Rows that are changed only where they are still what they were: all of them, or the statement fails. */
function change(table: FakeTable, rest: string, work: Work): StatementAnswer {
  const given = parameter("changes", work);
  const on = /\nON ([^\n]+)/.exec(rest)?.[1] ?? "";
  const keys = [...on.matchAll(/CAST\(t\.`(\w+)` AS STRING\) <=> s\.was\.`\1`/g)].map((match) => match[1] ?? "");
  const compared = [...rest.matchAll(/CAST\(t\.`(\w+)` AS STRING\) <=> s\.was/g)].map((match) => match[1] ?? "");
  const raised = /raise_error\('([^']*)'\)/.exec(rest)?.[1];
  const set = [...rest.matchAll(/t\.`(\w+)` = CAST\(s\.now\.`\1` AS (\w+)\)/g)];
  const insert = /THEN INSERT \(([^)]*)\) VALUES \(CAST\(s\.now/.exec(rest)?.[1];
  if (keys.length === 0 || raised === undefined || set.length === 0 || insert === undefined)
    throw new Refused("0A000", "this fake does not understand that MERGE");
  const noted = (names: string[]) =>
    Object.fromEntries(names.map((name) => [name, /_by$/.test(name) ? work.asked.principal : work.now]));
  const touched = [...rest.matchAll(/t\.(updated_\w+) = current/g)].map((match) => match[1] ?? "");
  const stamped = parts(insert).filter((name) => !name.startsWith("`"));
  let rows = [...table.rows];
  const numbers = { num_affected_rows: 0, num_updated_rows: 0, num_deleted_rows: 0, num_inserted_rows: 0 };
  for (const one of (Array.isArray(given) ? given : []).filter(isObject)) {
    const [was, now] = [isObject(one.was) ? one.was : {}, isObject(one.now) ? one.now : {}];
    const equal = (names: string[]) => (row: JsonObject) => names.every((name) => text(row[name]) === text(was[name]));
    const hits = table.rows.filter(equal(keys));
    const isInsert = one.kind === "insert";
    if (isInsert ? hits.length > 0 : hits.length === 0 || !hits.every(equal(compared)))
      throw new Refused("P0001", `[USER_RAISED_EXCEPTION] ${raised}`);
    const values = Object.fromEntries(set.map(([, name = "", type = ""]) => [name, cast(now[name], type)]));
    if (isInsert) rows.push({ ...values, ...noted(stamped) });
    else if (one.kind === "delete") rows = rows.filter((row) => !hits.includes(row));
    else rows = rows.map((row) => (hits.includes(row) ? { ...row, ...values, ...noted(touched) } : row));
    if (isInsert) numbers.num_inserted_rows += 1;
    else if (one.kind === "delete") numbers.num_deleted_rows += hits.length;
    else numbers.num_updated_rows += hits.length;
  }
  numbers.num_affected_rows = numbers.num_inserted_rows + numbers.num_deleted_rows + numbers.num_updated_rows;
  table.rows = rows;
  return counts(numbers);
}

export function makeTables(): FakeTables {
  const tables = new Map<string, FakeTable>();
  const known = (name: string): FakeTable => {
    const table = tables.get(name);
    if (table !== undefined) return table;
    throw new Refused("42P01", `[TABLE_OR_VIEW_NOT_FOUND] The table or view ${name} cannot be found.`);
  };
  const run = (asked: AskedStatement, now: number): StatementAnswer | undefined => {
    const statement = asked.statement.trim();
    const work = { asked, now: new Date(now).toISOString() };
    const read = (start: string, end = "$") => new RegExp(`^${start} ${NAME}${end}`, "i").exec(statement);
    const made = read("CREATE TABLE IF NOT EXISTS", "\\s*\\(([\\s\\S]*?)\\n\\)");
    if (made) return create(tables, plainName(made[1] ?? ""), made[2] ?? "");
    const all = read("SELECT \\* FROM");
    if (all) return select(known(plainName(all[1] ?? "")));
    const gone = read("DELETE FROM", " WHERE ([\\s\\S]+)$");
    if (gone) return remove(known(plainName(gone[1] ?? "")), gone[2] ?? "", work);
    const merged = read("MERGE INTO", " ([\\s\\S]+)$");
    if (merged && /from_json\(:changes,/.test(merged[2] ?? ""))
      return change(known(plainName(merged[1] ?? "")), merged[2] ?? "", work);
    if (merged) return merge(known(plainName(merged[1] ?? "")), merged[2] ?? "", work);
    return undefined;
  };
  return {
    set: (name, table) => void tables.set(name.toLowerCase(), table),
    get: (name) => tables.get(name.toLowerCase()),
    answer(asked, now) {
      try {
        return run(asked, now);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        return { error: error.message, errorCode: "BAD_REQUEST", sqlState: error.sqlState };
      }
    },
  };
}
