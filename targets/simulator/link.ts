import { TimeoutError } from "../../runtime/errors.ts";
import type { EventLoop } from "../../runtime/loop.ts";
import { type Platform, requireLoop, runInScope } from "../../runtime/platform.ts";
import { requireScope } from "../../runtime/scope.ts";
import { sleep } from "../../runtime/sleep.ts";
import { withLoops } from "../edge/request_loop.ts";
import { Random } from "./random.ts";

/** What a simulated link does to what it carries. */
export interface LinkOptions {
  /** Decides delays and drops: the same seed, the same link. Default 1. */
  readonly seed?: number;
  /** The shortest and the longest delay of one way, in milliseconds. Later requests may overtake. Default 20 to 80. */
  readonly delay?: readonly [shortest: number, longest: number];
  /** Which share of requests and of responses is lost, 0 to 1. Default 0. */
  readonly drop?: number;
  /** After how long the sender is told that nothing has come, in milliseconds. Default 5,000. */
  readonly patience?: number;
}

/** What an edge program exports. */
export interface Reachable {
  /** Answers a request. */
  fetch(request: Request): Response | Promise<Response>;
}

/** Sends a request, as the engine's `fetch` does. */
export type Link = (path: string, init?: RequestInit) => Promise<Response>;

/** The loop of a request on the clock of another loop: its turns are callbacks there. */
class NestedPlatform implements Platform {
  private woken = false;
  private timer: { cancel(): void } | null = null;
  private readonly turn = (): void => {
    this.woken = false;
    if (runInScope(null, turnOf, this.loop)) this.wakeSoon();
  };

  constructor(private readonly loop: EventLoop, private readonly outer: EventLoop) {}

  now(): number {
    return this.outer.time();
  }

  wakeAt(time: number): void {
    this.timer?.cancel();
    this.timer = time === Infinity ? null : this.outer.callAt(time, this.turn);
  }

  wakeSoon(): void {
    if (this.woken || this.outer.isClosed()) return;
    this.woken = true;
    this.outer.callSoon(this.turn);
  }

  close(): void {
    this.timer?.cancel();
  }
}

function turnOf(loop: EventLoop): boolean {
  return loop.turn();
}

/**
 * A link from a simulated device to an edge program. Both run on the device's virtual clock: the program's handlers, their
 * deadlines and their streams too. What is lost is told as a `TimeoutError` after a while, as a network does.
 *
 * @param server The default export of an edge program.
 *
 * @example
 * ```ts
 * import { serve } from "awaitio/edge";
 * import { simulatedLink, virtual } from "awaitio/simulator";
 *
 * const link = simulatedLink(serve(() => new Response("here")), { seed: 7, delay: [100, 200] });
 * await virtual(async () => {
 *   console.log(await (await link("/")).text());
 * });
 * ```
 */
export function simulatedLink(server: Reachable, options: LinkOptions = {}): Link {
  const { seed = 1, delay = [20, 80], drop = 0, patience = 5_000 } = options;
  const random = new Random(seed);
  const way = (): number => delay[0] + random.below(delay[1] - delay[0] + 1);
  const lost = (): boolean => drop > 0 && random.next() < drop;
  return async (path, init) => {
    const outer = requireLoop("a simulated link");
    // All is drawn at once: the order in which requests come back must not change what others get.
    const [there, back, lostThere, lostBack] = [way(), way(), lost(), lost()];
    const lose = async (after: number): Promise<never> => {
      await sleep(Math.max(patience - after, 0));
      throw new TimeoutError(`Nothing came back from ${path} within ${patience} ms`);
    };
    if (lostThere) return await lose(0);
    await sleep(there);
    const began = outer.time();
    // Who is cancelled leaves: the program hears of it.
    const signal = requireScope("a simulated link").task.signal as AbortSignal;
    const request = new Request(`http://simulated${path}`, { ...init, signal });
    const newPlatform = (loop: EventLoop): Platform => new NestedPlatform(loop, outer);
    const response = await runInScope(
      null,
      () => withLoops({ newPlatform }, () => server.fetch(request)),
    );
    signal.throwIfAborted();
    if (lostBack) {
      await response.body?.cancel();
      return await lose(there + outer.time() - began);
    }
    await sleep(back);
    return response;
  };
}
