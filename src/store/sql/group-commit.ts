/** Group commit: calls that come while one is being written are written together, in one transaction. */

/** A call that waits. */
interface Waiting<In, Out> {
  input: In;
  resolve: (output: Out) => void;
  reject: (error: unknown) => void;
}

/** What became of one call of a batch. */
export type Settled<Out> = { output: Out } | { error: unknown };

/**
 * Gathers calls. `write` gets them in the order they came and settles each; when it rejects, nothing was kept, and
 * each call of the batch is written alone, so that one bad call does not fail the others.
 *
 * @param size of a call; a batch holds at most `most`
 */
export function groupCommit<In, Out>(
  write: (batch: readonly In[]) => Promise<readonly Settled<Out>[]>,
  size: (input: In) => number,
  most: number,
): (input: In) => Promise<Out> {
  const queue: Waiting<In, Out>[] = [];
  let writing = false;

  function settle(waiting: readonly Waiting<In, Out>[], settled: readonly Settled<Out>[]): void {
    waiting.forEach((one, index) => {
      const result = settled[index];
      if (result && "output" in result) one.resolve(result.output);
      else one.reject(result ? result.error : new Error("a call of a batch was not settled"));
    });
  }

  async function writeAlone(waiting: Waiting<In, Out>): Promise<void> {
    try {
      settle([waiting], await write([waiting.input]));
    } catch (error) {
      waiting.reject(error);
    }
  }

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      let count = 0;
      let total = 0;
      for (const waiting of queue) {
        total += size(waiting.input);
        if (count > 0 && total > most) break;
        count++;
      }
      const batch = queue.splice(0, count);
      try {
        settle(batch, await write(batch.map(({ input }) => input)));
      } catch (error) {
        if (batch.length === 1) batch[0]?.reject(error);
        else for (const waiting of batch) await writeAlone(waiting);
      }
    }
    writing = false;
  }

  return (input) =>
    new Promise((resolve, reject) => {
      queue.push({ input, resolve, reject });
      if (writing) return;
      writing = true;
      // Not at once: on SQLite a batch is written without a pause, and requests that came in the same turn of the event
      // loop, each handled on its own, would each pay for a commit.
      setImmediate(() => void drain());
    });
}
