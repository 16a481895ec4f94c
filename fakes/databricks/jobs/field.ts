/**
 * How the fields of a job's settings are written down: a field is a word (`string`, `int32`, `int64`, `double`, `boolean`,
 * `strings` = list of strings, `map` = string to string), an enumeration (`A|B`, a trailing bar where there is one value
 * only), an object, or a list with the shape of its elements.
 */

/** The type of one field. */
export type Field = string | Fields | readonly [Fields];
/** An object's fields. */
export interface Fields {
  readonly [name: string]: Field;
}
