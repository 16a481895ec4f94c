import { describe, expect, it } from "vitest";
import type { JobSettings } from "../model/job.ts";
import { diffJob } from "./diff.ts";
import { baseOf, fingerprint } from "./fingerprint.ts";
import { flatten } from "./leaves.ts";

const KEY = Buffer.from("key");

/** A base in which `sent` was applied and `found` read back. */
function applied(sent: JobSettings, found: JobSettings = sent) {
  return baseOf(KEY, { ...fingerprint(KEY, flatten(sent).leaves, flatten(found).leaves), secret: [] });
}

const JOB: JobSettings = {
  name: "Nightly",
  max_concurrent_runs: 2,
  schedule: { quartz_cron_expression: "0 0 2 * * ?", timezone_id: "UTC" },
  tags: { team: "sales" },
  email_notifications: { on_failure: ["a@x.example", "b@x.example"] },
  tasks: [
    {
      task_key: "load",
      notebook_task: { notebook_path: "/etl/load", base_parameters: { day: "1", "spark.x": "y" } },
      max_retries: 1,
      job_cluster_key: "main",
      libraries: [{ pypi: { package: "pandas" } }, { whl: "/w.whl" }],
    },
    {
      task_key: "post",
      depends_on: [{ task_key: "load" }],
      spark_python_task: { python_file: "/p.py", parameters: ["a", "b"] },
    },
  ],
  job_clusters: [
    { job_cluster_key: "main", new_cluster: { spark_version: "15.4", node_type_id: "D4", num_workers: 2 } },
  ],
};

/** What the service makes of it: defaults, order, computed values. */
const FOUND: JobSettings = {
  ...structuredClone(JOB),
  format: "MULTI_TASK",
  timeout_seconds: 0,
  webhook_notifications: {},
  schedule: { ...JOB.schedule, pause_status: "UNPAUSED" },
  email_notifications: { on_failure: ["b@x.example", "a@x.example"] },
  tasks: [
    structuredClone(JOB.tasks?.[1] ?? {}),
    { ...structuredClone(JOB.tasks?.[0] ?? {}), run_if: "ALL_SUCCESS", timeout_seconds: 0 },
  ],
  job_clusters: [
    {
      job_cluster_key: "main",
      new_cluster: {
        spark_version: "15.4",
        node_type_id: "D4",
        num_workers: 2,
        azure_attributes: { availability: "ON_DEMAND_AZURE" },
        data_security_mode: "SINGLE_USER",
      },
    },
  ],
};

function edited(settings: JobSettings, edit: (copy: JobSettings) => void): JobSettings {
  const copy = structuredClone(settings);
  edit(copy);
  return copy;
}

const task = (settings: JobSettings, key: string) => settings.tasks?.find((one) => one.task_key === key) ?? {};

describe("diffJob", () => {
  it("finds nothing where only defaults, order and computed values differ", () => {
    expect(diffJob({ desired: JOB, actual: FOUND, base: applied(JOB, FOUND) })).toEqual([]);
    expect(diffJob({ desired: JOB, actual: FOUND })).toEqual([]);
  });

  it("names a field we changed, exactly once", () => {
    const desired = edited(JOB, (job) => {
      task(job, "load").max_retries = 3;
    });
    expect(diffJob({ desired, actual: FOUND, base: applied(JOB, FOUND) })).toEqual([
      { path: "tasks[task_key=load].max_retries", kind: "declared", before: 1, after: 3 },
    ]);
  });

  it("names a field they changed as drift, with what was found", () => {
    const actual = edited(FOUND, (job) => {
      if (job.schedule) job.schedule.pause_status = "PAUSED";
    });
    expect(diffJob({ desired: JOB, actual, base: applied(JOB, FOUND) })).toEqual([
      { path: "schedule.pause_status", kind: "drift", before: "UNPAUSED", actual: "PAUSED", after: "UNPAUSED" },
    ]);
  });

  it("calls it a conflict where both moved", () => {
    const desired = edited(JOB, (job) => {
      task(job, "load").max_retries = 3;
    });
    const actual = edited(FOUND, (job) => {
      task(job, "load").max_retries = 5;
    });
    expect(diffJob({ desired, actual, base: applied(JOB, FOUND) })).toEqual([
      { path: "tasks[task_key=load].max_retries", kind: "conflict", actual: 5, after: 3 },
    ]);
  });

  it("says nothing where both moved to the same value", () => {
    const both = (job: JobSettings) => {
      task(job, "load").max_retries = 3;
    };
    expect(diffJob({ desired: edited(JOB, both), actual: edited(FOUND, both), base: applied(JOB, FOUND) })).toEqual([]);
  });

  it("shows a whole task that comes as one change, and one that goes", () => {
    const extra = { task_key: "check", depends_on: [{ task_key: "post" }], notebook_task: { notebook_path: "/c" } };
    const more = edited(JOB, (job) => job.tasks?.push(extra));
    expect(diffJob({ desired: more, actual: FOUND, base: applied(JOB, FOUND) })).toEqual([
      { path: "tasks[task_key=check]", kind: "declared", after: extra },
    ]);
    const added = edited(FOUND, (job) => job.tasks?.push({ ...extra, run_if: "ALL_SUCCESS" }));
    expect(diffJob({ desired: JOB, actual: added, base: applied(JOB, FOUND) })).toEqual([
      { path: "tasks[task_key=check]", kind: "drift", actual: { ...extra, run_if: "ALL_SUCCESS" } },
    ]);
  });

  it("tells a renamed task from a removed and an added one", () => {
    const desired = edited(JOB, (job) => {
      task(job, "post").task_key = "publish";
    });
    expect(diffJob({ desired, actual: FOUND, base: applied(JOB, FOUND) })).toEqual([
      { path: "tasks[task_key=post].task_key", kind: "declared", before: "post", after: "publish" },
    ]);
  });

  it("names one element of a list of arguments, of a set, and of a library", () => {
    const args = edited(JOB, (job) => {
      task(job, "post").spark_python_task = { python_file: "/p.py", parameters: ["a", "c"] };
    });
    expect(diffJob({ desired: args, actual: FOUND, base: applied(JOB, FOUND) })).toEqual([
      { path: "tasks[task_key=post].spark_python_task.parameters[1]", kind: "declared", before: "b", after: "c" },
    ]);
    const mails = edited(JOB, (job) => {
      job.email_notifications = { on_failure: ["a@x.example", "c@x.example"] };
    });
    expect(diffJob({ desired: mails, actual: FOUND, base: applied(JOB, FOUND) })).toEqual([
      { path: "email_notifications.on_failure[1]", kind: "declared", before: "b@x.example", after: "c@x.example" },
    ]);
    const library = edited(JOB, (job) => {
      task(job, "load").libraries = [{ pypi: { package: "polars" } }, { whl: "/w.whl" }];
    });
    expect(diffJob({ desired: library, actual: FOUND, base: applied(JOB, FOUND) })).toEqual([
      { path: "tasks[task_key=load].libraries[0].pypi.package", kind: "declared", before: "pandas", after: "polars" },
    ]);
  });

  it("quotes keys that are no plain words", () => {
    const desired = edited(JOB, (job) => {
      task(job, "load").notebook_task = { notebook_path: "/etl/load", base_parameters: { day: "1", "spark.x": "z" } };
    });
    expect(diffJob({ desired, actual: FOUND, base: applied(JOB, FOUND) })).toEqual([
      {
        path: "tasks[task_key=load].notebook_task.base_parameters['spark.x']",
        kind: "declared",
        before: "y",
        after: "z",
      },
    ]);
  });

  it("does not take a continuous job of defaults for one without", () => {
    const actual = edited(FOUND, (job) => {
      delete job.schedule;
      job.continuous = { pause_status: "UNPAUSED", task_retry_mode: "NEVER" };
    });
    const was = edited(JOB, (job) => {
      delete job.schedule;
      job.continuous = { pause_status: "UNPAUSED" };
    });
    const desired = edited(was, (job) => {
      delete job.continuous;
    });
    expect(
      diffJob({ desired, actual, base: applied(was, actual) }).map((change) => [change.path, change.kind]),
    ).toEqual([["continuous", "declared"]]);
    expect(diffJob({ desired: was, actual, base: applied(was, actual) })).toEqual([]);
  });

  it("does not flag what the service made of our values, until somebody moves it", () => {
    const found = edited(FOUND, (job) => {
      job.parent_path = "/by/the/service";
      if (job.schedule) job.schedule.timezone_id = "Etc/UTC";
    });
    expect(diffJob({ desired: JOB, actual: found, base: applied(JOB, found) })).toEqual([]);
    const moved = edited(found, (job) => {
      job.parent_path = "/by/somebody";
    });
    expect(diffJob({ desired: JOB, actual: moved, base: applied(JOB, found) })).toEqual([
      { path: "parent_path", kind: "drift", actual: "/by/somebody" },
    ]);
  });

  it("leaves fields alone that only the workspace has and the Jobs API is not known to have", () => {
    const found = edited(FOUND, (job) => {
      job.invented = { a: [{ b: 1 }] };
      const [task] = job.tasks ?? [];
      if (task) task.brand_new = true;
    });
    expect(diffJob({ desired: JOB, actual: found })).toEqual([]);
    expect(diffJob({ desired: JOB, actual: found, base: applied(JOB, FOUND) })).toEqual([]);
    // What we declare ourselves is ours, known or not; and so is taking it out again.
    const mine = edited(JOB, (job) => {
      job.invented = { a: [{ b: 2 }] };
    });
    expect(diffJob({ desired: mine, actual: found, base: applied(JOB, FOUND) })).toMatchObject([
      { path: "invented.a[0].b", kind: "conflict" },
    ]);
    expect(diffJob({ desired: JOB, actual: mine, base: applied(mine, mine) })).toMatchObject([
      { path: "invented.a[0].b", kind: "declared" },
    ]);
  });

  it("counts taking a computed value out of the declaration", () => {
    const desired = edited(JOB, (job) => {
      job.job_clusters = [
        { job_cluster_key: "main", new_cluster: { spark_version: "15.4", instance_pool_id: "p", num_workers: 2 } },
      ];
    });
    const paths = diffJob({ desired, actual: FOUND, base: applied(JOB, FOUND) }).map((change) => [
      change.path,
      change.kind,
    ]);
    expect(paths).toEqual([
      ["job_clusters[job_cluster_key=main].new_cluster.instance_pool_id", "declared"],
      ["job_clusters[job_cluster_key=main].new_cluster.node_type_id", "declared"],
    ]);
  });

  it("compares ids beyond 2^53 exactly and across types", () => {
    const job = (id: bigint | string) => ({ tasks: [{ task_key: "r", run_job_task: { job_id: id } }] }) as JobSettings;
    expect(diffJob({ desired: job("9007199254740993"), actual: job(9007199254740993n) })).toEqual([]);
    expect(diffJob({ desired: job(9007199254740993n), actual: job(9007199254740992n) })).toHaveLength(1);
  });

  it("hides secrets on both sides", () => {
    const at = "tasks[task_key=load].notebook_task.base_parameters.day";
    const shown = edited(JOB, (job) => {
      task(job, "load").notebook_task = {
        notebook_path: "/etl/load",
        base_parameters: { day: "${env:DAY}", "spark.x": "y" },
      };
    });
    const desired = edited(JOB, (job) => {
      task(job, "load").notebook_task = {
        notebook_path: "/etl/load",
        base_parameters: { day: "s3cret", "spark.x": "y" },
      };
    });
    expect(diffJob({ desired, shown, actual: FOUND, base: applied(JOB, FOUND), secrets: new Set([at]) })).toEqual([
      { path: at, kind: "declared", before: "(hidden)", after: "${env:DAY}" },
    ]);
  });
});
