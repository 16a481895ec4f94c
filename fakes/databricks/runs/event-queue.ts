/** What happens when: a heap of events by time, and by order of arrival at the same time. */

export interface Event {
  time: number;
  happen: (time: number) => void;
}

export interface EventQueue {
  add(event: Event): void;
  /** Takes the earliest event that is due. */
  take(until: number): Event | undefined;
  size(): number;
}

export function makeEventQueue(): EventQueue {
  const heap: { event: Event; order: number }[] = [];
  let counter = 0;

  const earlier = (left: number, right: number): boolean => {
    const a = heap[left];
    const b = heap[right];
    if (!a || !b) return a !== undefined;
    return a.event.time - b.event.time < 0 || (a.event.time === b.event.time && a.order < b.order);
  };
  const swap = (left: number, right: number): void => {
    const kept = heap[left];
    const other = heap[right];
    if (kept && other) {
      heap[left] = other;
      heap[right] = kept;
    }
  };
  return {
    add(event) {
      counter += 1;
      heap.push({ event, order: counter });
      for (let at = heap.length - 1; at > 0; ) {
        const above = (at - 1) >> 1;
        if (!earlier(at, above)) break;
        swap(at, above);
        at = above;
      }
    },
    take(until) {
      const first = heap[0];
      if (!first || first.event.time > until) return undefined;
      swap(0, heap.length - 1);
      heap.pop();
      for (let at = 0; ; ) {
        let least = at;
        for (const child of [2 * at + 1, 2 * at + 2]) if (child < heap.length && earlier(child, least)) least = child;
        if (least === at) break;
        swap(at, least);
        at = least;
      }
      return first.event;
    },
    size: () => heap.length,
  };
}
