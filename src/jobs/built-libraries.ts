/** Libraries that a bundle builds: their files' names are known once they are built, till then by the last deployment. Pure. */
import type { DeclaredJob, JobSettings } from "../model/job.ts";
import { globMatcher, isGlob } from "../util/glob.ts";
import type { Json } from "../util/json.ts";
import { isObject } from "../util/json.ts";
import { mapTexts } from "./leaves.ts";

/** Where libraries stand in a job. */
const LIBRARY = /(?:\.libraries(?:\[[^\]]*\])?\.(?:whl|jar)|\.dependencies(?:\[[^\]]*\])?)$/;

/** Every text in a value. */
function textsIn(value: Json | undefined): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

/**
 * Jobs with the patterns of their libraries (`…/.internal/*.whl`) as the one file of them that was last deployed. A
 * pattern that none, or more than one, fits stays.
 * @param settings what was last deployed, by resource
 */
export function asLastBuilt(
  jobs: readonly DeclaredJob[],
  settings: ReadonlyMap<string, JobSettings | undefined>,
): DeclaredJob[] {
  return jobs.map((job) => {
    const texts = [...new Set(textsIn(settings.get(job.resource)))];
    if (texts.length === 0) return job;
    const filled = mapTexts(job.settings, (text, path) => {
      if (!text.startsWith("/") || !isGlob(text) || !LIBRARY.test(path)) return text;
      const [only, ...more] = texts.filter(globMatcher(text));
      return only === undefined || more.length > 0 ? text : only;
    });
    return { ...job, settings: filled as JobSettings };
  });
}
