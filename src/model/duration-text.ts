/** A duration in config files: `90s`, `5m`, `30d`. */
import * as z from "zod";
import { parseDuration } from "../util/duration.ts";

/** Text that {@link parseDuration} understands; a bare number is seconds. Variables are filled in before. */
export const duration = z
  .union([z.string(), z.number().nonnegative()], { error: "expected a duration like 90s, 5m, 1h, 30d" })
  .refine((value) => parseDuration(String(value)) !== undefined || String(value).includes("${"), {
    error: "expected a duration like 90s, 5m, 1h, 30d",
  });
