/** Paths of settings (`tasks[task_key=load].conf['a.b']`) taken apart and written short. */

/** One step of a path. */
export type Step =
  | { kind: "key"; key: string }
  /** An element of a list, told by one of its own fields. */
  | { kind: "by"; field: string; value: string }
  | { kind: "at"; index: number };

const WORD = /^[A-Za-z_][A-Za-z0-9_-]*$/;

function quoted(path: string, from: number): { text: string; end: number } {
  let text = "";
  let at = from;
  while (at < path.length && path[at] !== "'") {
    if (path[at] === "\\") at += 1;
    text += path[at] ?? "";
    at += 1;
  }
  return { text, end: at + 2 };
}

function bracket(path: string, from: number): { step: Step; end: number } {
  if (path[from] === "'") {
    const { text, end } = quoted(path, from + 1);
    return { step: { kind: "key", key: text }, end };
  }
  const close = path.indexOf("]", from);
  const end = close < 0 ? path.length : close;
  const inner = path.slice(from, end);
  const equals = inner.indexOf("=");
  if (equals >= 0)
    return { step: { kind: "by", field: inner.slice(0, equals), value: inner.slice(equals + 1) }, end: end + 1 };
  return { step: { kind: "at", index: Number(inner) }, end: end + 1 };
}

/** The steps of a path, as `src/jobs/leaves.ts` writes it. */
export function stepsOf(path: string): Step[] {
  const steps: Step[] = [];
  let at = 0;
  while (at < path.length) {
    if (path[at] === ".") at += 1;
    else if (path[at] === "[") {
      const { step, end } = bracket(path, at + 1);
      steps.push(step);
      at = end;
    } else {
      const end = path.slice(at).search(/[.[]/);
      const key = end < 0 ? path.slice(at) : path.slice(at, at + end);
      steps.push({ kind: "key", key });
      at += key.length;
    }
  }
  return steps;
}

/** Steps in short: the element's key alone (`tasks[load].max_retries`), since its field says nothing to a reader. */
export function shortPath(steps: Step[]): string {
  let text = "";
  for (const step of steps) {
    if (step.kind === "by") text += `[${step.value}]`;
    else if (step.kind === "at") text += `[${step.index}]`;
    else if (!WORD.test(step.key)) text += `['${step.key}']`;
    else text += text === "" ? step.key : `.${step.key}`;
  }
  return text;
}

/** The task a path is in, or undefined. */
export function taskOf(steps: Step[]): string | undefined {
  const [first, second] = steps;
  return first?.kind === "key" && first.key === "tasks" && second?.kind === "by" ? second.value : undefined;
}
