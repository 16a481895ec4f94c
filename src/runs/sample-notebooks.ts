/** The three utility notebooks of databricks-etl-monitor by their names and widgets, calling our HTTP API. */

/** A notebook of one call: it never fails the job, whatever becomes of the call. */
function notebook(verb: "start" | "end" | "fail", more: readonly (readonly [widget: string, field: string])[]): string {
  const widgets = [
    ["execution_id", "executionId"],
    ["project_code", "projectCode"],
    ["process_load", "processLoad"],
    ["processing_date", "processingDate"],
    ["task_id", "taskId"],
    ["workflow_id", "workflowId"],
    ["sequence_id", "sequenceId"],
    ...more,
  ] as const;
  const numbers = ["taskId", "workflowId", "sequenceId"];
  return `# Databricks notebook source
# Tells headgate of the ${verb} of a task. HEADGATE_URL and HEADGATE_TOKEN come from the cluster's environment.
import json, os, urllib.request

WIDGETS = {
${widgets.map(([widget, field]) => `    "${widget}": "${field}",`).join("\n")}
}
NUMBERS = {${numbers.map((field) => `"${field}"`).join(", ")}}

body = {}
for widget, field in WIDGETS.items():
    dbutils.widgets.text(widget, "")
    value = dbutils.widgets.get(widget)
    if value != "":
        body[field] = int(value) if field in NUMBERS else value

request = urllib.request.Request(
    os.environ["HEADGATE_URL"].rstrip("/") + "/api/v1/runs/${verb}",
    data=json.dumps(body).encode(),
    headers={
        "content-type": "application/json",
        "authorization": "Bearer " + os.environ["HEADGATE_TOKEN"],
    },
    method="POST",
)
try:
    with urllib.request.urlopen(request, timeout=5) as answer:
        result = answer.read().decode()
except Exception as error:  # monitoring never fails the job
    result = json.dumps({"error": str(error)[:2000]})
dbutils.notebook.exit(result)
`;
}

/** File name and text of each. */
export const NOTEBOOKS: readonly [name: string, text: string][] = [
  ["etl_start_task.py", notebook("start", [["source_type", "sourceType"]])],
  [
    "etl_end_task.py",
    notebook("end", [
      ["log_message", "logMessage"],
      ["log_type", "logType"],
    ]),
  ],
  [
    "etl_fail_task.py",
    notebook("fail", [
      ["error_message", "logMessage"],
      ["log_code", "logCode"],
    ]),
  ],
];
