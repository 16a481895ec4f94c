/** What a field of the Jobs API holds, and paths to it. */

/** A field's shape. `about` is for people (JSON Schema, messages). */
export type FieldShape = ScalarShape | EnumShape | ListShape | MapShape | ObjectShape;

export interface ScalarShape {
  kind: "string" | "boolean" | "int32" | "int64" | "double";
  about?: string;
}

export interface EnumShape {
  kind: "enum";
  values: readonly string[];
  /** The service reads the values in any case. */
  anyCase?: boolean;
  about?: string;
}

/** `ordered`: the order means something; `set`: it does not; `keyed`: elements are told apart by member `key`. */
export interface ListShape {
  kind: "list";
  items: FieldShape;
  order: "ordered" | "set" | "keyed";
  key?: string;
  about?: string;
}

export interface MapShape {
  kind: "map";
  values: FieldShape;
  about?: string;
}

export interface ObjectShape {
  kind: "object";
  fields: Readonly<Record<string, FieldShape>>;
  required?: readonly string[];
  /** Name of a shape that occurs in several places. */
  name?: string;
  about?: string;
}

export const text = (about?: string): ScalarShape => (about ? { kind: "string", about } : { kind: "string" });
export const flag = (about?: string): ScalarShape => (about ? { kind: "boolean", about } : { kind: "boolean" });
export const int = (about?: string): ScalarShape => (about ? { kind: "int32", about } : { kind: "int32" });
export const long = (about?: string): ScalarShape => (about ? { kind: "int64", about } : { kind: "int64" });
export const double = (about?: string): ScalarShape => (about ? { kind: "double", about } : { kind: "double" });
export const oneOf = (...values: string[]): EnumShape => ({ kind: "enum", values });
/** A list whose order means something. */
export const list = (items: FieldShape = text(), about?: string): ListShape => ({
  kind: "list",
  items,
  order: "ordered",
  ...(about ? { about } : {}),
});
/** A list whose order means nothing. */
export const setOf = (items: FieldShape = text(), about?: string): ListShape => ({
  kind: "list",
  items,
  order: "set",
  ...(about ? { about } : {}),
});
/** A list whose elements are told apart by a member. */
export const listBy = (key: string, items: ObjectShape, about?: string): ListShape => ({
  kind: "list",
  items,
  order: "keyed",
  key,
  ...(about ? { about } : {}),
});
/** A map of texts. */
export const textMap = (about?: string): MapShape => ({ kind: "map", values: text(), ...(about ? { about } : {}) });
export const object = (fields: Record<string, FieldShape>, more: Partial<ObjectShape> = {}): ObjectShape => ({
  kind: "object",
  fields,
  ...more,
});

/** One step of a path. */
export type PathStep =
  | { kind: "member"; name: string }
  /** `[*]`. */
  | { kind: "any" }
  | { kind: "index"; index: number }
  /** `[task_key=load]`. */
  | { kind: "key"; key: string; value: string };

const STEP = /\.?([^.[\]']+)|\['((?:[^'\\]|\\.)*)'\]|\[([^\]]*)\]/y;

/** Steps of a path like `tasks[task_key=load].spark_conf['a.b']`; undefined where it is no path. */
export function parsePath(path: string): PathStep[] | undefined {
  const steps: PathStep[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < path.length) {
    const match = STEP.exec(path);
    if (!match) return undefined;
    const [, name, quoted, inner] = match;
    if (name !== undefined) steps.push({ kind: "member", name });
    else if (quoted !== undefined) steps.push({ kind: "member", name: quoted.replace(/\\(.)/g, "$1") });
    else if (inner === "*") steps.push({ kind: "any" });
    else if (inner !== undefined && /^\d+$/.test(inner)) steps.push({ kind: "index", index: Number(inner) });
    else {
      const equals = inner?.indexOf("=") ?? -1;
      if (inner === undefined || equals < 1) return undefined;
      const value = inner.slice(equals + 1).replace(/^'(.*)'$/, "$1");
      steps.push({ kind: "key", key: inner.slice(0, equals), value });
    }
  }
  return steps;
}
