/** Checks what starts a job: schedule, trigger, continuous. Pure. */
import type { JobSettings } from "../model/job.ts";
import { isObject, type Json, type JsonObject } from "../util/json.ts";
import { nearest } from "../util/nearest.ts";
import { parseQuartz, QuartzError } from "../util/quartz.ts";
import { knownZones, zoneOf } from "../util/zone.ts";
import { isDeferred, type Report } from "./check-fields.ts";
import { rowsOf } from "./check-tasks.ts";

const STARTS = ["schedule", "trigger", "continuous", "triggers"];
const KINDS = ["file_arrival", "table_update", "table", "periodic", "model", "schedule", "continuous"];
const WAITS = ["min_time_between_triggers_seconds", "wait_after_last_change_seconds"];

function checkQuartz(expression: Json | undefined, path: string, report: Report): void {
  if (expression === undefined) {
    report(path, "missing_field", "quartz_cron_expression is missing");
    return;
  }
  if (typeof expression !== "string" || isDeferred(expression)) return;
  try {
    parseQuartz(expression);
  } catch (error) {
    if (!(error instanceof QuartzError)) throw error;
    const at = `'${expression}', character ${error.position + 1}`;
    const hint = "the fields are: second minute hour day month weekday [year]; try headgate jobs cron";
    report(`${path}.quartz_cron_expression`, "bad_quartz", `${at}: ${error.message}`, hint);
  }
}

function checkZone(zone: Json | undefined, path: string, report: Report): void {
  if (zone === undefined) {
    report(path, "missing_field", "timezone_id is missing", "for example timezone_id: UTC");
    return;
  }
  if (typeof zone !== "string" || isDeferred(zone) || zoneOf(zone)) return;
  const near = nearest(zone, knownZones());
  const hint = near ? `did you mean ${near}?` : "write a name like Europe/London";
  report(`${path}.timezone_id`, "bad_zone", `there is no time zone '${zone}'`, hint);
}

function checkTrigger(trigger: JsonObject, path: string, report: Report): void {
  const kinds = KINDS.filter((kind) => trigger[kind] !== undefined);
  if (kinds.length > 1) {
    report(`${path}.${kinds[1]}`, "exclusive", `a trigger has one kind; ${kinds.join(" and ")} exclude each other`);
  }
  for (const kind of kinds) {
    const inner = trigger[kind];
    if (!isObject(inner)) continue;
    for (const wait of WAITS) {
      const seconds = inner[wait];
      if (typeof seconds === "number" && seconds !== 0 && seconds < 60) {
        report(`${path}.${kind}.${wait}`, "limit", `at least 60 seconds, found ${seconds}`);
      }
    }
  }
  const { periodic } = trigger;
  if (isObject(periodic) && typeof periodic.interval === "number" && periodic.interval < 1) {
    report(`${path}.periodic.interval`, "limit", `the interval must be 1 or more, found ${periodic.interval}`);
  }
}

/** Checks schedule, trigger and continuous of a job. */
export function checkStarts(settings: JobSettings, report: Report): void {
  const given = STARTS.filter((start) => settings[start] !== undefined);
  if (given.length > 1) {
    const hint = "keep one: a job has one way to start by itself";
    report(given[1] as string, "exclusive", `${given.join(" and ")} exclude each other`, hint);
  }
  if (isObject(settings.schedule)) {
    checkQuartz(settings.schedule.quartz_cron_expression, "schedule", report);
    checkZone(settings.schedule.timezone_id, "schedule", report);
  }
  if (isObject(settings.trigger)) checkTrigger(settings.trigger, "trigger", report);
  rowsOf(settings.triggers).forEach((trigger, index) => {
    const path = `triggers[${index}]`;
    checkTrigger(trigger, path, report);
    if (!isObject(trigger.schedule)) return;
    checkQuartz(trigger.schedule.quartz_cron_expression, `${path}.schedule`, report);
    checkZone(trigger.schedule.timezone_id, `${path}.schedule`, report);
  });
}
