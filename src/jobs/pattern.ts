/** The tree of field patterns: what a place in a job's settings means, found with one look a step and remembered. */
import { childShape, type FieldShape, JOB } from "../model/job-fields.ts";
import { type ListIdentity, listIdentity, PRESENCE } from "../workspace/fields.ts";

/** A place in settings, whatever the elements of its lists: `tasks[*].max_retries`. */
export interface Pattern {
  readonly text: string;
  /** Undefined for a field that the Jobs API is not known to have. */
  readonly shape: FieldShape | undefined;
  /** How the elements are told apart where it is a list. */
  readonly identity: ListIdentity;
  /** True where the mere presence of the object means something. */
  readonly presence: boolean;
  /** How a path goes on with this member: `.max_retries`, `['b.c']`; empty for an element. */
  readonly step: string;
  readonly members: Map<string, Pattern>;
  element: Pattern | undefined;
}

const WORD = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Maps have keys of any name, so that the tree is begun anew when it has grown beyond this. */
const MOST_PATTERNS = 50_000;
let count = 0;
let root = patternOf("", JOB, "");

function patternOf(text: string, shape: FieldShape | undefined, step: string): Pattern {
  count += 1;
  const identity = listIdentity(text);
  return { text, shape, identity, presence: PRESENCE.has(text), step, members: new Map(), element: undefined };
}

/** The pattern of a job's settings. */
export function rootPattern(): Pattern {
  if (count > MOST_PATTERNS) {
    count = 0;
    root = patternOf("", JOB, "");
  }
  return root;
}

/** The pattern of a member. */
export function memberPattern(parent: Pattern, key: string): Pattern {
  const known = parent.members.get(key);
  if (known !== undefined) return known;
  const text = parent.text === "" ? key : `${parent.text}.${key}`;
  const made = patternOf(text, childShape(parent.shape, key), WORD.test(key) ? `.${key}` : quoted(key));
  parent.members.set(key, made);
  return made;
}

/** The pattern of a list's elements. */
export function elementPattern(list: Pattern): Pattern {
  list.element ??= patternOf(`${list.text}[*]`, childShape(list.shape, 0), "");
  return list.element;
}

/** Path of a member below the path of its parent. */
export function pathBelow(parent: string, member: Pattern): string {
  return parent === "" && member.step.startsWith(".") ? member.step.slice(1) : parent + member.step;
}

const quoted = (key: string) => `['${key.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}']`;

/** Path of a member: `a.b`, or `a['b.c']` where the key is no plain word. */
export function memberPath(parent: string, key: string): string {
  if (!WORD.test(key)) return parent + quoted(key);
  return parent === "" ? key : `${parent}.${key}`;
}
