/** The workspace's clock: it may run faster than the machine's, stand still, or be pushed forward. */

export interface ClockOptions {
  /** Where it starts, in milliseconds since 1970 UTC. Default: the machine's time. */
  start?: number;
  /** How many of its milliseconds pass in one of the machine's; 0 = it stands still. Default 1. */
  speed?: number;
}

export interface FakeClock {
  /** Milliseconds since 1970 UTC, whole. */
  now(): number;
  /** Pushes it forward by so many milliseconds. */
  advance(milliseconds: number): void;
  /** Sets the time. Backwards is refused: runs have already happened. */
  set(time: number): void;
  setSpeed(speed: number): void;
  speed(): number;
}

/** @throws RangeError on a time that lies before the present one, or a negative speed */
export function makeClock(options: ClockOptions = {}): FakeClock {
  let base = options.start ?? Date.now();
  let speed = checkedSpeed(options.speed ?? 1);
  let since = performance.now();

  const exact = () => base + (performance.now() - since) * speed;
  const rebase = (time: number) => {
    base = time;
    since = performance.now();
  };
  return {
    now: () => Math.floor(exact()),
    advance(milliseconds) {
      if (!(milliseconds >= 0)) throw new RangeError("a clock is advanced by zero or more milliseconds");
      rebase(exact() + milliseconds);
    },
    set(time) {
      if (!(time >= Math.floor(exact()))) throw new RangeError("a clock is not set back");
      rebase(time);
    },
    setSpeed(next) {
      rebase(exact());
      speed = checkedSpeed(next);
    },
    speed: () => speed,
  };
}

function checkedSpeed(speed: number): number {
  if (!(speed >= 0)) throw new RangeError("a clock's speed is zero or more");
  return speed;
}
