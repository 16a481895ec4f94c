/** Lists access logs on this machine as units: each file by its length and time of change. */
import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import path from "node:path";
import { HeadgateError } from "../../../errors.ts";
import { globFiles, isGlob } from "../../../util/glob.ts";
import type { AccessLogSource, EvidenceUnit } from "../../evidence-source.ts";
import { filesUnder } from "../../files-under.ts";
import type { StorageLogsConfig } from "./config.ts";
import { judgeLog } from "./find.ts";
import { rewriteLog } from "./rewrite.ts";

/** Records lie in the blob of their hour; late ones up to some hours later (Azure Storage: log delivery is best effort). */
const LATE_DAYS = 1;

const DAY_MS = 86_400_000;

/**
 * The day that a blob is named after (`…/y=2026/m=09/d=14/h=23/m=00/PT1H.json`, Azure Monitor: resource logs in a
 * storage account); undefined for other names.
 */
export function dayOfName(name: string): string | undefined {
  const parts = /(?:^|\/)y=(\d{4})\/m=(\d{2})\/d=(\d{2})\//.exec(name.replaceAll("\\", "/"));
  return parts === null ? undefined : parts.slice(1, 4).join("-");
}

/** Whether a file may hold lines of [from, to). A file whose name tells no day may hold anything. */
export function mayHold(name: string, from: string | undefined, to: string | undefined): boolean {
  const day = dayOfName(name);
  if (day === undefined) return true;
  const start = Date.parse(`${day}T00:00:00.000Z`);
  const isOver = from !== undefined && start + (1 + LATE_DAYS) * DAY_MS <= Date.parse(from);
  const isAhead = to !== undefined && start - LATE_DAYS * DAY_MS >= Date.parse(to);
  return !isOver && !isAhead;
}

/** Files that a path or pattern means; one that matches a folder means every file below it. */
async function filesOf(dir: string, pattern: string): Promise<string[]> {
  if (!isGlob(pattern)) return filesUnder([path.resolve(dir, pattern)]);
  const matches = [...(await globFiles(dir, pattern)), ...(await globFiles(dir, `${pattern.replace(/\/$/, "")}/**`))];
  return [...new Set(matches.map((file) => path.resolve(dir, file)))].sort();
}

/**
 * Access logs below a path or pattern.
 * @param dir the project's folder
 */
export function openStorageLogFiles(name: string, config: StorageLogsConfig, dir: string): AccessLogSource {
  const pattern = config.path ?? "";
  const keyOf = (file: string): string => path.relative(dir, file).split(path.sep).join("/");
  const judged = new Map<string, { digest: string; is: Awaited<ReturnType<typeof judgeLog>> }>();
  /** What a unit is, looked into again only when it has changed. */
  const judge = async (file: string, { key, digest }: EvidenceUnit): Promise<Awaited<ReturnType<typeof judgeLog>>> => {
    const known = judged.get(key);
    const is = known?.digest === digest ? known.is : await judgeLog(file);
    judged.set(key, { digest, is });
    return is;
  };
  return {
    name,
    kind: config.kind,
    ruleset: "1",
    evidence: "access logs",
    async list({ from, to }) {
      const units: EvidenceUnit[] = [];
      const skipped: { what: string; why: string }[] = [];
      for (const file of await filesOf(dir, pattern)) {
        if (!mayHold(file, from, to)) continue;
        const { size, mtimeMs } = await stat(file);
        const key = keyOf(file);
        const digest = `${size}:${Math.floor(mtimeMs)}`;
        const unit = { key, digest, bytes: size };
        const is = await judge(file, unit);
        if ("why" in is) skipped.push({ what: key, why: is.why });
        else units.push(unit);
      }
      return { units, skipped };
    },
    async fileOf(unit, room, signal) {
      const file = path.resolve(dir, unit.key);
      const is = await judge(file, unit).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw error;
        throw new HeadgateError("input_invalid", `${unit.key} is gone`, { cause: error });
      });
      if ("why" in is || is.shape === "lines") return file;
      const rewritten = path.join(room, `${createHash("sha256").update(unit.key).digest("hex").slice(0, 24)}.json`);
      await rewriteLog(file, is.shape, rewritten, signal);
      return rewritten;
    },
  };
}
