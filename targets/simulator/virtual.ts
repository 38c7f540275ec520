import { RuntimeError } from "../../runtime/errors.ts";
import { EventLoop } from "../../runtime/loop.ts";
import { runWith } from "../../runtime/run.ts";
import { getRunningLoop } from "../host/mod.ts";
import { Random } from "./random.ts";
import { clockOf, type ClockOptions, VirtualClock } from "./virtual_clock.ts";

/** How to run on a virtual clock. */
export interface VirtualOptions extends ClockOptions {
  /** Shuffles the order within a turn; 0 (the default) leaves it as it is. */
  readonly seed?: number;
}

/** A loop on a virtual clock that starts at 0. */
export function virtualLoop(options: VirtualOptions = {}): EventLoop {
  const { seed = 0 } = options;
  const random = new Random(seed);
  return new EventLoop({
    newPlatform: (loop) => new VirtualClock(loop, options),
    ...(seed === 0 ? {} : { order: (count) => random.below(count) }),
  });
}

/**
 * Runs `main` as {@linkcode run} does, on a virtual clock that starts at 0 and jumps when all is idle.
 *
 * @example
 * ```ts
 * import { getRunningLoop, sleep } from "awaitio";
 * import { virtual } from "awaitio/simulator";
 *
 * await virtual(async () => {
 *   await sleep(3_600_000); // returns at once
 *   console.log(getRunningLoop().time()); // 3600000
 * });
 * ```
 */
export async function virtual<T>(
  main: () => T | PromiseLike<T>,
  options: VirtualOptions = {},
): Promise<T> {
  return await runWith({ loopFactory: () => virtualLoop(options) }, main) as T;
}

/** Lets `ms` of virtual time pass without a turn of the loop, as a program does that computes. */
export function busy(ms: number): void {
  const clock = clockOf(getRunningLoop());
  if (clock === undefined) throw new RuntimeError("Cannot be busy: this loop has no virtual clock");
  clock.advance(ms);
}
