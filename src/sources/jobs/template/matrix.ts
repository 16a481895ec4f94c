/** `matrix:` of a definition: one job for every combination of its values. Pure. */
import { isObject, type Json, type JsonObject } from "../../../util/json.ts";

/** More combinations than this are a mistake. */
export const MOST_COMBINATIONS = 1_000;

/** One combination: a value for each name, and what it adds to a resource id. */
export interface Combination {
  values: JsonObject;
  /** `_eu_large`; empty without a matrix. */
  suffix: string;
}

/** Letters that a resource id may have. */
export const resourceText = (text: string): string =>
  text
    .replace(/[^A-Za-z0-9_.-]+/g, "_")
    .replace(/_{2,}/g, "_")
    .replace(/^[_.-]+|_+$/g, "");

const titleOf = (value: Json): string =>
  resourceText(isObject(value) ? String(value.name ?? Object.values(value)[0] ?? "") : String(value));

const fits = (values: JsonObject, wanted: Json): boolean =>
  isObject(wanted) &&
  Object.entries(wanted).every(([name, value]) => JSON.stringify(values[name]) === JSON.stringify(value));

/**
 * All combinations, the last name turning fastest. Those that fit one of `exclude` are left out.
 * @returns what is wrong with the matrix, as a text, where it cannot be used
 */
export function combinationsOf(matrix: Json | undefined, exclude: Json | undefined): Combination[] | string {
  if (matrix === undefined) return [{ values: {}, suffix: "" }];
  if (!isObject(matrix)) return "a matrix is a map from a name to its values: matrix: { region: [eu, us] }";
  if (exclude !== undefined && !Array.isArray(exclude)) return "exclude is a list of maps: exclude: [{ region: us }]";
  let all: Combination[] = [{ values: {}, suffix: "" }];
  for (const [name, given] of Object.entries(matrix)) {
    if (!Array.isArray(given) || given.length === 0) return `matrix.${name} is no list of values`;
    all = all.flatMap(({ values, suffix }) =>
      given.map((value) => ({ values: { ...values, [name]: value }, suffix: `${suffix}_${titleOf(value)}` })),
    );
    if (all.length > MOST_COMBINATIONS) return `the matrix has more than ${MOST_COMBINATIONS} combinations`;
  }
  return all.filter(({ values }) => !(exclude ?? []).some((wanted) => fits(values, wanted)));
}
