import { CancelledError, RuntimeError } from "./errors.ts";
import type { ResultOf, Source } from "./create_task.ts";
import { EXCEPTION, Future, RESULT } from "./future.ts";
import type { EventLoop } from "./loop.ts";
import { requireLoop } from "./platform.ts";
import { isAwaitable } from "./task.ts";

/** How to gather. */
export interface GatherOptions {
  /** Whether errors become results, in their places. Default `false`: the first one is thrown. */
  readonly returnExceptions?: boolean;
}

/** What {@linkcode gather} takes: functions, called in new tasks, and awaitables. */
export type Sources = readonly Source<unknown>[];
/** What {@linkcode gather} gives: the result of each source, in its place. */
export type Results<S extends Sources> = { -readonly [K in keyof S]: ResultOf<S[K]> };
/** What {@linkcode gather} gives with `returnExceptions`: a result or an error in each source's place. */
export type ResultsOrErrors<S extends Sources> = {
  -readonly [K in keyof S]: ResultOf<S[K]> | Error;
};

/**
 * Runs several things at once and gives their results in the order of the arguments (asyncio:
 * `gather`). A function is called in a new task. Cancelling the gather cancels what is not done; the
 * first error is thrown at once and leaves the others running. For tasks that must not outlive each
 * other use {@linkcode taskGroup}.
 *
 * @param sources Functions, tasks, awaitables; or an array of them, and options.
 * @returns A future of the results.
 *
 * @example
 * ```ts
 * import { gather, run, sleep } from "awaitio";
 *
 * await run(async () => {
 *   const [a, b] = await gather(() => sleep(20, "a"), () => sleep(10, "b"));
 *   console.log(a, b);
 * });
 * ```
 */
export function gather<const S extends Sources>(...sources: S): Future<Results<S>>;
/** The same with an array. */
export function gather<const S extends Sources>(
  sources: S,
  options?: { readonly returnExceptions?: false },
): Future<Results<S>>;
/** The same with errors as results. */
export function gather<const S extends Sources>(
  sources: S,
  options: GatherOptions,
): Future<ResultsOrErrors<S>>;
export function gather(...args: readonly unknown[]): Future<unknown> {
  const loop = requireLoop("gather()");
  const [first, options] = args;
  const given = (Array.isArray(first) ? first : args) as Sources;
  const { returnExceptions = false } = (Array.isArray(first) ? options ?? {} : {}) as GatherOptions;
  for (const source of given) {
    if (typeof source !== "function" && !isAwaitable(source)) {
      throw new TypeError(
        `Cannot gather ${String(source)}: pass functions and awaitables, or an array of them`,
      );
    }
  }
  const children: Future<unknown>[] = [];
  for (const source of given) {
    const place = typeof source === "function" ? -1 : given.indexOf(source);
    children.push(
      place >= 0 && place < children.length ? children[place]! : loop.ensureFuture(source, []),
    );
  }
  for (const child of children) {
    if (child.loop === loop) continue;
    throw new RuntimeError(`Cannot gather ${child.describe()}: it belongs to another loop`);
  }
  return new Gathering(loop, children, returnExceptions);
}

class Gathering extends Future<unknown> {
  private pending: number;
  private cancelMessage: string | undefined;
  private cancelAsked = false;

  constructor(
    loop: EventLoop,
    private readonly children: readonly Future<unknown>[],
    private readonly returnExceptions: boolean,
  ) {
    super(loop);
    const distinct: Future<unknown>[] = [];
    for (const child of children) {
      if (!child.observed || !distinct.includes(child)) distinct.push(child);
      child.observed = true;
    }
    this.pending = distinct.length;
    if (this.pending === 0) this.finish(RESULT, []);
    for (const child of distinct) {
      child.addDoneCallback((done) => this.childDone(done));
    }
  }

  override cancel(message?: string): boolean {
    if (this.done()) return false;
    let reached = false;
    for (const child of this.children) if (child.cancel(message)) reached = true;
    // Its end comes with the children's.
    if (reached) {
      this.cancelAsked = true;
      this.cancelMessage = message;
    }
    return reached;
  }

  private childDone(child: Future<unknown>): void {
    this.pending--;
    if (this.done()) return;
    if (!this.returnExceptions && !child.settledWell()) {
      this.finish(EXCEPTION, child.error());
      return;
    }
    if (this.pending > 0) return;
    if (this.cancelAsked) this.finish(EXCEPTION, new CancelledError(this.cancelMessage));
    else {
      this.finish(
        RESULT,
        this.children.map((each) => each.settledWell() ? each.result() : each.error()),
      );
    }
  }

  override awaits(): readonly Future<unknown>[] {
    return this.children;
  }

  override describe(): string {
    const names = this.children.filter((child) => !child.done()).map((child) => child.describe());
    return `gather(${names.join(", ")})`;
  }
}
