/** Makes small access logs and answers of the Jobs API for tests, in the shape Azure Monitor and Databricks write. */

/** What differs between the lines of a test. */
export interface LogLine {
  /** UTC text. */
  time: string;
  operation: string;
  /** Path below `https://acct.dfs.core.windows.net/`, encoded, with its query. */
  path: string;
  cluster?: string;
  /** Who asked: `10.139.4.60:22429`. */
  address?: string;
  status?: number | string;
  category?: string;
  agent?: string;
  bytes?: number;
}

/** One line of a log, without its line feed. */
export function logLine(line: LogLine): string {
  const { time, operation, path, cluster, status = 200, category = "StorageRead", agent = "APN/1.0", bytes } = line;
  const caller = line.address === undefined ? {} : { callerIpAddress: line.address };
  const clientRequestId = cluster === undefined ? "6a7e4d0e" : `${cluster}--1--2--3:6a7e4d0e:9a56:::RE:0`;
  return JSON.stringify({
    time,
    category,
    operationName: operation,
    statusCode: status,
    ...caller,
    properties: {
      accountName: "acct",
      userAgentHeader: agent,
      clientRequestId,
      ...(bytes === undefined ? {} : { responseBodySize: bytes, requestBodySize: bytes }),
    },
    uri: `https://acct.dfs.core.windows.net/${path}`,
  });
}

/** A run of one job with one task on a cluster, as `jobs/runs/list` tells it. Times are UTC texts. */
export function jobRun(run: { job: number; run: number; name: string; cluster?: string; start: string; end: string }) {
  const times = { start_time: Date.parse(run.start), end_time: Date.parse(run.end) };
  return {
    job_id: run.job,
    run_id: run.run,
    run_name: run.name,
    run_type: "JOB_RUN",
    run_page_url: "https://adb-1.azuredatabricks.net/?o=1#job/1/run/1",
    ...times,
    tasks: [
      {
        run_id: run.run + 1,
        task_key: "main",
        attempt_number: 0,
        ...times,
        ...(run.cluster === undefined ? {} : { cluster_instance: { cluster_id: run.cluster } }),
      },
    ],
  };
}
