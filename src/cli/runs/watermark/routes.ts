/** The verbs about watermarks: from where the next run reads on. */
import { text, wholeNumber } from "../../values.ts";
import { room, verb } from "../../verb.ts";
import {
  execution,
  key,
  limit,
  maybeReason,
  maybeWatermark,
  ofWatermark,
  onOff,
  watermarkMaybeValue,
  watermarkValue,
} from "../flags.ts";

/** `headgate runs watermark …`. */
export const WATERMARK = room("shows and moves watermarks: from where the next run reads on", {
  get: verb({
    brief: "prints the value a task is to read from",
    examples: [
      ["runs watermark get CORP/HR_DAILY LoadEmployees", "in UTC, lookback subtracted; 1900-01-01 in bulk mode"],
    ],
    load: () => import("./get.ts"),
    parameters: { positional: ofWatermark },
  }),
  set: verb({
    brief: "sets a watermark to any value, backwards too",
    examples: [
      ["runs watermark set CORP/HR_DAILY LoadEmployees 2026-11-01 --reason 'reload November'", "a time"],
      ["runs watermark set CORP/HR_DAILY LoadEmployees --clear", "the next run reads everything"],
    ],
    load: () => import("./set.ts"),
    parameters: {
      flags: { clear: { ...onOff, brief: "take the value away" }, reason: maybeReason },
      positional: watermarkMaybeValue,
    },
  }),
  advance: verb({
    brief: "moves a watermark forwards; a value before the current one is refused",
    examples: [
      ["runs watermark advance CORP/HR_DAILY LoadEmployeesByID 9007199254740993", "the highest id that was read"],
    ],
    load: () => import("./advance.ts"),
    parameters: {
      flags: { reason: maybeReason, execution: { ...execution, brief: "the run it comes from" }, key },
      positional: watermarkValue,
    },
  }),
  history: verb({
    brief: "shows who or what moved watermarks, when, and why",
    examples: [["runs watermark history CORP/HR_DAILY LoadEmployees", "newest first"]],
    load: () => import("./history.ts"),
    parameters: { flags: { limit }, positional: maybeWatermark },
  }),
  rollback: verb({
    brief: "sets a watermark to what it was before a run or a change",
    examples: [
      ["runs watermark rollback CORP/HR_DAILY LoadEmployees --before-change 812 --preview", "says what would happen"],
    ],
    load: () => import("./rollback.ts"),
    parameters: {
      flags: {
        beforeExecution: { kind: "parsed", parse: text, optional: true, placeholder: "ID", brief: "before this run" },
        beforeChange: {
          kind: "parsed",
          parse: wholeNumber(1),
          optional: true,
          placeholder: "N",
          brief: "before this change of the history",
        },
        preview: { ...onOff, brief: "say what would happen, and do nothing" },
        reason: maybeReason,
      },
      positional: ofWatermark,
    },
  }),
});
