/** Cluster ids of Databricks as they stand in access logs: `0917-142245-abc987`, perhaps with `-v2n`. */

const PATTERN = /^(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})-[a-z0-9]{4,}(-v2n)?$/;

/**
 * The cluster id in a prefix of a client request id, without the `-v2n` of managed compute, which not every API
 * writes; undefined for anything else (other programs put their own words there).
 */
export function clusterIdOf(prefix: string | null): string | undefined {
  const parts = prefix === null ? null : PATTERN.exec(prefix);
  if (parts === null) return undefined;
  const [month = 0, day = 0, hour = 0] = parts.slice(1, 4).map(Number);
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23) return undefined;
  return (prefix as string).replace(/-v2n$/, "");
}

/** The spellings of a cluster id that may stand in a log. */
export const inLogs = (clusterId: string): string[] => [clusterId, `${clusterId}-v2n`];

/**
 * When a cluster was made, which its id tells in UTC but for the year: the last such moment not after `before`.
 * @param before epoch milliseconds of something the cluster did
 * @returns epoch milliseconds
 */
export function createdAt(clusterId: string, before: number): number | undefined {
  const parts = PATTERN.exec(clusterId);
  if (parts === null) return undefined;
  const [month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.slice(1, 6).map(Number);
  const year = new Date(before).getUTCFullYear();
  const inYear = (which: number): number => Date.UTC(which, month - 1, day, hour, minute, second);
  // a minute of grace for clocks that differ
  return inYear(year) <= before + 60_000 ? inYear(year) : inYear(year - 1);
}
