import { type Bindings, currentBindings, runWith } from "./context.ts";
import type { EventLoop } from "./loop.ts";
import { setCallingLoop } from "./platform.ts";
import { Ready } from "./ready_queue.ts";
import type { Timed } from "./timer_heap.ts";

/** A callback scheduled with {@linkcode EventLoop.callSoon} (asyncio: `Handle`). */
export class Handle extends Ready {
  private readonly bindings: Bindings = currentBindings();
  private gone = false;

  /** @internal */
  constructor(
    /** @internal */
    readonly loop: EventLoop,
    private callback: (...args: never[]) => unknown,
    private args: readonly unknown[],
  ) {
    super();
    loop.observer?.scheduled(this);
  }

  /** Makes sure that the callback is not called any more; it is let go of. */
  cancel(): void {
    if (this.gone) return;
    this.gone = true;
    this.callback = nothing;
    this.args = [];
  }

  /** Whether it was cancelled. */
  cancelled(): boolean {
    return this.gone;
  }

  /** @internal */
  override step(): void {
    if (this.gone) return;
    const { observer } = this.loop;
    observer?.calls(this);
    const before = setCallingLoop(this.loop);
    try {
      const result = runWith(
        this.bindings,
        this.callback as (...args: unknown[]) => unknown,
        this.args,
      );
      if (result instanceof Promise) result.then(undefined, (error) => this.failed(error));
    } catch (error) {
      this.failed(error);
    } finally {
      setCallingLoop(before);
      observer?.returned(this);
    }
  }

  /** @internal */
  override describe(): string {
    return `${this.callback.name || "anonymous"}()`;
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

function nothing(): void {}

/** A callback with a deadline: {@linkcode EventLoop.callLater}, {@linkcode EventLoop.callAt}. */
export class TimerHandle extends Handle implements Timed {
  /** @internal */
  order = 0;
  /** @internal */
  place = -1;

  /** @internal */
  constructor(
    loop: EventLoop,
    /** @internal */
    readonly deadline: number,
    callback: (...args: never[]) => unknown,
    args: readonly unknown[],
  ) {
    super(loop, callback, args);
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
