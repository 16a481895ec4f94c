/** Puts what many do at once into one sequence by time, holding only those who are at work. */

/** Something that has a time. */
interface Timed {
  time: number;
}

/** Someone who begins at a time and then does one thing after the other. */
export interface Act<T extends Timed> {
  start: number;
  open(): Iterator<T>;
}

interface Waiting<T> {
  next: T;
  rest: Iterator<T>;
  order: number;
}

/** A heap by time; of equal times the one that began first. */
function openHeap<T extends Timed>() {
  const items: Waiting<T>[] = [];
  const isBefore = (a: Waiting<T>, b: Waiting<T>): boolean =>
    a.next.time < b.next.time || (a.next.time === b.next.time && a.order < b.order);
  const at = (index: number): Waiting<T> => items[index] as Waiting<T>;
  const swap = (a: number, b: number): void => {
    [items[a], items[b]] = [at(b), at(a)];
  };
  return {
    first: (): Waiting<T> | undefined => items[0],
    push(item: Waiting<T>): void {
      items.push(item);
      for (let child = items.length - 1; child > 0; ) {
        const parent = (child - 1) >> 1;
        if (!isBefore(at(child), at(parent))) return;
        swap(child, parent);
        child = parent;
      }
    },
    pop(): void {
      const last = items.pop();
      if (last === undefined || items.length === 0) return;
      items[0] = last;
      for (let parent = 0; ; ) {
        let least = parent;
        for (const child of [2 * parent + 1, 2 * parent + 2]) {
          if (child < items.length && isBefore(at(child), at(least))) least = child;
        }
        if (least === parent) return;
        swap(parent, least);
        parent = least;
      }
    },
  };
}

/**
 * Merges acts by time. An act is opened when its time has come, and its next thing is asked for only after the one
 * before it was taken: so what it finds is what the others have left by then.
 * @param acts by their start, ascending
 */
export function* mergeByTime<T extends Timed>(acts: Iterable<Act<T>>): Generator<T> {
  const heap = openHeap<T>();
  const waiting = acts[Symbol.iterator]();
  let coming = waiting.next();
  let order = 0;
  const add = (rest: Iterator<T>, as: number): void => {
    const { done, value } = rest.next();
    if (done !== true) heap.push({ next: value, rest, order: as });
  };
  for (;;) {
    const first = heap.first();
    if (coming.done !== true && (first === undefined || coming.value.start <= first.next.time)) {
      add(coming.value.open(), order++);
      coming = waiting.next();
      continue;
    }
    if (first === undefined) return;
    yield first.next;
    heap.pop();
    add(first.rest, first.order);
  }
}
