import { type Bindings, currentBindings, runWith } from "./context.ts";
import type { EventLoop } from "./loop.ts";
import { isCall } from "./native.ts";
import { setCallingLoop } from "./platform.ts";
import { Ready } from "./ready.ts";
import type { Timed } from "./timer_heap.ts";

/** A callback scheduled with {@linkcode EventLoop.callSoon} (asyncio: `Handle`). */
export class Handle extends Ready {
  /** @internal */
  declare readonly loop: EventLoop;
  declare private readonly bindings: Bindings;
  /** `null` where it was cancelled. */
  declare private callback: Callback | null;
  declare private args: readonly unknown[];

  /** @internal */
  constructor(loop: EventLoop, callback: Callback, args: readonly unknown[]) {
    super();
    this.loop = loop;
    this.bindings = currentBindings();
    this.callback = callback;
    this.args = args.length === 0 ? NONE : args;
    if (loop.watched) loop.observer?.scheduled(this);
  }

  /** Makes sure that the callback is not called any more; it is let go of. */
  cancel(): void {
    this.callback = null;
    this.args = NONE;
  }

  /** Whether it was cancelled. */
  cancelled(): boolean {
    return this.callback === null;
  }

  /** @internal */
  override step(): void {
    const { callback } = this;
    if (callback === null) return;
    const { observer } = this.loop;
    observer?.calls(this);
    const before = setCallingLoop(this.loop);
    try {
      const result = runWith(this.bindings, callback as () => unknown, this.args);
      if (result instanceof Promise || isCall(result)) {
        (result as PromiseLike<unknown>).then(undefined, (error) => this.failed(error));
      }
    } catch (error) {
      this.failed(error);
    } finally {
      setCallingLoop(before);
      observer?.returned(this);
    }
  }

  /** @internal */
  override describe(): string {
    return `${this.callback?.name || "anonymous"}()`;
  }

  /** @internal Whether it calls `callback`. */
  is(callback: (future: unknown) => void): boolean {
    return this.callback === callback;
  }

  /** Hands what the callback threw to the loop's exception handler. */
  private failed(exception: unknown): void {
    this.loop.callExceptionHandler({
      message: `Exception in callback ${this.describe()}`,
      exception,
      handle: this,
    });
  }
}

type Callback = (...args: never[]) => unknown;

/** Shared by all that take no arguments. */
const NONE: readonly unknown[] = [];

/** A callback with a deadline: {@linkcode EventLoop.callLater}, {@linkcode EventLoop.callAt}. */
export class TimerHandle extends Handle implements Timed {
  /** @internal */
  declare order: number;
  /** @internal */
  declare place: number;
  /** @internal */
  declare readonly deadline: number;

  /** @internal */
  constructor(loop: EventLoop, deadline: number, callback: Callback, args: readonly unknown[]) {
    super(loop, callback, args);
    this.order = 0;
    this.place = -1;
    this.deadline = deadline;
  }

  /** The deadline, in milliseconds of the loop's clock. */
  when(): number {
    return this.deadline;
  }

  /** Makes sure that the callback is not called any more, and takes its deadline off the loop. */
  override cancel(): void {
    this.loop.removeTimer(this);
    super.cancel();
  }

  /** @internal */
  due(): void {
    this.loop.schedule(this);
  }

  /** @internal */
  override describe(): string {
    return `${super.describe()} at ${this.deadline} ms`;
  }
}

/** A done callback of a future. */
export class DoneCallback extends Handle {
  constructor(loop: EventLoop, callback: (future: unknown) => void, future: unknown) {
    super(loop, callback, [future]);
  }
}
