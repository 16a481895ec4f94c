/** The one statement: scan, project ten fields, group on cheap keys. No regular expression runs on every line. */
import type { KeptWish, LogScan } from "../engine.ts";

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const list = (texts: readonly string[]): string => `[${texts.map(quote).join(", ")}]`;

const orNone = (texts: readonly string[]): string => (texts.length === 0 ? "''" : texts.map(quote).join(", "));

/** DuckDB takes every name for a pattern; brackets make its signs stand for themselves. */
const literalPath = (file: string): string => file.replace(/[*?[]/g, (sign) => `[${sign}]`);

/**
 * Fields of an Azure resource log that matter here. They are spelled out because DuckDB would otherwise derive another
 * shape for each file: almost every property is left out where it has no value.
 */
const COLUMNS = [
  "time: 'VARCHAR'",
  "category: 'VARCHAR'",
  "operationName: 'VARCHAR'",
  // a number, or the word Unknown
  "statusCode: 'VARCHAR'",
  "uri: 'VARCHAR'",
  "properties: 'STRUCT(clientRequestId VARCHAR, userAgentHeader VARCHAR, requestBodySize BIGINT, responseBodySize BIGINT, contentLengthHeader BIGINT)'",
].join(", ");

/** What a sender's address is read from, where it is wanted: `10.139.4.60:22429`. */
const WITH_ADDRESS = `${COLUMNS}, callerIpAddress: 'VARCHAR'`;
/** Beginnings of private addresses (RFC 1918, RFC 6598), near enough: nodes of clusters have no others. */
const PRIVATE = ["10.", "172.", "192.168.", "100."];

/** A time as Azure Monitor writes it; a record with anything else there has no place in time. */
export const TIME = /^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]([.][0-9]+)?Z?$/;

/** Operations whose bytes are table data or may be: only of these the distinct files are counted. */
const DATA_OPERATIONS = [
  "ReadFile",
  "AppendFile",
  "FlushFile",
  "RenamePathFile",
  "GetBlob",
  "PutBlob",
  "PutBlock",
  "PutBlockList",
  "AppendBlock",
];

/**
 * The reading of the files as a table, for the statement and for measuring the bare scan.
 * @param more further parameters of the reader
 */
export function scanSource(files: readonly string[], more = "", columns = COLUMNS): string {
  // hive_partitioning: the folders y=/m=/d=/h=/m= and resourceId= would overwrite fields of the record
  return `read_json(${list(files.map(literalPath))}, format = 'newline_delimited', columns = {${columns}}, hive_partitioning = false, ignore_errors = true${more})`;
}

/**
 * The statement for a scan; its columns are those of `AccessAggregate`, `unreadable` rows have no operation.
 * @param each groups of each file apart, with its name in the column `log`
 */
export function aggregateStatement(scan: LogScan, each = false): string {
  const window = [
    ...(scan.from === undefined ? [] : [`time >= ${quote(scan.from)}`]),
    ...(scan.to === undefined ? [] : [`time < ${quote(scan.to)}`]),
  ];
  return `
with line as (
  select
    ${each ? "filename as log," : ""}
    time, category, operationName as operation, statusCode as status, uri,
    split_part(uri, '?', 1) as bare,
    case when contains(properties.clientRequestId, '--') then split_part(properties.clientRequestId, '--', 1) end as cluster,
    properties.userAgentHeader as agent,
    ${scan.nodes === undefined ? "null::VARCHAR" : "split_part(callerIpAddress, ':', 1)"} as caller,
    coalesce(properties.responseBodySize, 0) as answered,
    coalesce(properties.requestBodySize, properties.contentLengthHeader, 0) as sent
  from ${scanSource(scan.files, each ? ", filename = true" : "", scan.nodes === undefined ? COLUMNS : WITH_ADDRESS)}
  ${window.length === 0 ? "" : `where time is null or (${window.join(" and ")})`}
), part as (
  select *, split_part(bare, '/', -1) as leaf
  from line
), named as (
  select *,
    case
      when starts_with(operation, 'List') then 'list'
      when operation in ('RenamePathDir', 'CreatePathDir', 'DeleteDirectory') then 'path'
      when leaf = '_last_vacuum_info' then 'vacuum'
      when length(leaf) = 25 and ends_with(leaf, '.json') then 'commit'
      when starts_with(leaf, '_') then 'underscore'
      when starts_with(leaf, '.') then 'dot'
      when contains(leaf, '.') or operation in (${DATA_OPERATIONS.map(quote).join(", ")}) then 'file'
      else 'path'
    end as form
  from part
)
select
  ${each ? "log," : ""}
  cluster,
  case when cluster is null then left(agent, 48) end as client,
  case when cluster is null and (${PRIVATE.map((start) => `starts_with(caller, '${start}')`).join(" or ")}) then caller end as address,
  category, operation, status,
  form,
  case when form in ('list', 'path') then bare else left(bare, length(bare) - length(leaf)) end as folder,
  case when form = 'list' then regexp_extract(uri, '[?&]((?:directory|prefix)=[^&]*)', 1) end as listed,
  case when cluster in (${orNone(scan.bySecond)}) or (cluster is null and caller in (${orNone(scan.nodes ?? [])})) then left(time, 19) else left(time, 13) end as bucket,
  min(leaf) as leaf,
  count(*)::DOUBLE as requests,
  sum(answered)::DOUBLE as answered,
  sum(sent)::DOUBLE as sent,
  list(distinct (hash(bare) >> 32)::UINTEGER)
    filter (where form = 'file' and operation in (${DATA_OPERATIONS.map(quote).join(", ")})) as files,
  min(time) as first,
  max(time) as last
from named
group by all`;
}

const UNREADABLE = `operation is null or folder is null or first is null or not regexp_matches(first, '${TIME.source}')`;
/** What is told of a kept log. */
const DESCRIBED = `
  sum(requests) as lines,
  sum(requests) filter (where ${UNREADABLE}) as unreadable,
  list(distinct left(first, 10)) filter (where not (${UNREADABLE})) as days,
  list(distinct cluster) filter (where cluster is not null) as clusters,
  list(distinct address) filter (where address is not null) as addresses`;

/** Keeps the answer of {@link aggregateStatement} as Parquet, zstd-compressed; rows of one cluster lie together. */
export function keepStatement(scan: LogScan, into: string): string {
  return `copy (select * from (${aggregateStatement(scan)}) order by cluster, folder)
to ${quote(into)} (format parquet, compression zstd)`;
}

/** The same for each of several logs: a folder `n=1`, `n=2`, … for each that has lines, in the order of the files. */
export function keepEachStatement(scan: LogScan, folder: string): string {
  const place = `list_position(${list(scan.files)}, log)`;
  return `copy (select * exclude (log), ${place} as n from (${aggregateStatement(scan, true)}) order by n, cluster, folder)
to ${quote(folder)} (format parquet, compression zstd, partition_by (n))`;
}

/** One row about each of them. */
export function describeEachStatement(folder: string): string {
  const files = quote(`${literalPath(folder)}/*/*.parquet`);
  return `select n::INTEGER as n, ${DESCRIBED}
from read_parquet(${files}, hive_partitioning = true) group by n`;
}

/** One row about a kept file. */
export function describeStatement(file: string): string {
  return `select ${DESCRIBED}
from read_parquet(${quote(literalPath(file))})`;
}

/** The rows of a day in kept files. */
export function keptStatement({ files, day, clusters }: KeptWish): string {
  return `
select * from read_parquet(${list(files.map(literalPath))}, hive_partitioning = false)
where starts_with(first, ${quote(day)}) and not (${UNREADABLE})
${clusters === undefined ? "" : `and cluster in (${clusters.map(quote).join(", ")})`}`;
}
