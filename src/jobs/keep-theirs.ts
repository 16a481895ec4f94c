/**
 * Fields that stay as they were found although something else is declared: which of a change's fields can be kept apart
 * from the rest of it, and what is sent and remembered then. Pure.
 *
 * What is sent holds their values; what is remembered is as if ours had been there: so the next plan calls the field
 * drift again, and not a change of ours.
 */
import { parsePath } from "../model/field-shape.ts";
import type { JobSettings } from "../model/job.ts";
import type { Change, FieldChange } from "../model/plan.ts";
import { isBesideSettings, isPermission } from "./access-list.ts";
import { valueAt, withValueAt } from "./settings-path.ts";

/**
 * The place that is kept for a field: the field itself, or the whole list around it where its elements are told by
 * position or were renamed.
 */
export function keptPlace(path: string): string {
  const steps = parsePath(path) ?? [];
  let place = "";
  for (const [at, step] of steps.entries()) {
    const next = steps[at + 1];
    if (step.kind === "index" || step.kind === "any") return place;
    // The key of an element: the element is another one.
    if (step.kind === "key" && next?.kind === "member" && next.name === step.key) return place;
    if (step.kind === "key") place += `[${step.key}=${step.value}]`;
    else if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(step.name)) place += `['${step.name.replace(/[\\']/g, "\\$&")}']`;
    else place += place === "" ? step.name : `.${step.name}`;
  }
  return place;
}

const within = (path: string, place: string) =>
  path === place || (path.startsWith(place) && /^[.[]/.test(path.slice(place.length)));

/**
 * The change with the fields that `isKept` names marked to stay as they were found.
 * @returns undefined where they cannot be told apart from fields that are to be changed
 */
export function keepFields(change: Change, isKept: (field: FieldChange) => boolean): Change | undefined {
  const kept = change.fields.filter((field) => field.kept === true || isKept(field));
  if (kept.length === 0) return change;
  const places = keptPlaces({ fields: kept.map((field) => ({ ...field, kept: true })) });
  const entangled = change.fields.some(
    (field) =>
      !kept.includes(field) &&
      places.some((place) => within(field.path, place) || within(place, keptPlace(field.path))),
  );
  if (entangled || kept.some(({ path }) => isBesideSettings(path) && !isPermission(path))) return undefined;
  // What is declared must have the place: the list lacks an element whose field is kept.
  const { desired } = change;
  if (desired !== undefined && places.some((place) => withValueAt(desired, place, {}) === undefined)) return undefined;
  return {
    ...change,
    fields: change.fields.map((field) => (kept.includes(field) ? { ...field, kept: true } : field)),
  };
}

/** Places in the settings that a change leaves as they are. */
export function keptPlaces(change: Pick<Change, "fields">): string[] {
  const kept = change.fields.filter((field) => field.kept === true && !isPermission(field.path));
  return [...new Set(kept.map((field) => keptPlace(field.path)))];
}

/**
 * `settings` with the values of `other` at these places.
 * @throws RangeError naming a place that `settings` cannot have
 */
export function withPlacesOf(settings: JobSettings, other: JobSettings, places: readonly string[]): JobSettings {
  return places.reduce((made, place) => {
    const now = withValueAt(made, place, valueAt(other, place));
    if (now === undefined) throw new RangeError(place);
    return now;
  }, settings);
}
