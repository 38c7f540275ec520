import { SMALL } from "./small.ts";
import type { ExceptionContext } from "./exceptions.ts";
import type { LoopObserver } from "./loop_observer.ts";
import type { Platform } from "./platform.ts";
import type { Ready } from "./ready.ts";
import { reaches } from "./reaches.ts";
import { ReadyQueue } from "./ready_queue.ts";
import { type Timed, TimerHeap } from "./timer_heap.ts";

/** What is to run on a loop, now and at which deadline, and whether the platform knows. */
export abstract class Schedule {
  /** @internal Whether somebody watches: debug mode, or an observer. One test where nobody does. */
  watched = false;
  /** @internal Counts turns, and a rest as many: tells what was lately from what was long ago. */
  epoch = 0;
  /** @internal Counts what has been stepped. */
  steps = 0;

  /** @internal */
  protected readonly ready = new ReadyQueue();
  /** @internal */
  protected readonly timers = new TimerHeap();
  /** @internal Whether the platform is going to call `turn()` soon. */
  protected woken = false;
  /** @internal When the clock was read last, for the deadlines. */
  protected now = 0;
  /** @internal The deadline that the platform was told last. */
  protected told: number = NaN;
  /** @internal On boards it runs from the beginning, unless the program starts loops itself. */
  protected running: boolean = SMALL && !reaches(this.runForever);
  /** @internal */
  protected stopping = false;
  /** @internal */
  protected closed = false;
  /** @internal Whether this run has had a turn. */
  protected turned = false;
  /** @internal What the idle hook was told since something last ran. */
  protected idleUntil: number = NaN;
  /** @internal */
  protected idleHook: ((deadline: number) => void) | null = null;

  /** @internal */
  protected abstract readonly platform: Platform;
  /** @internal Who watches what it does. */
  abstract get observer(): LoopObserver | null;
  /** The loop's clock: monotonic milliseconds. */
  abstract time(): number;
  /** Runs until it is stopped. */
  abstract runForever(): Promise<void>;
  /** Tells the exception handler. */
  abstract callExceptionHandler(context: ExceptionContext): void;
  /** @internal Ends the run. */
  protected abstract endRun(): false;

  /** @internal Queues a node. */
  schedule(node: Ready): void {
    if (this.closed) return;
    this.ready.push(node);
    if (!this.woken) this.wake();
  }

  /** @internal Asks the platform for a turn, once, while the loop runs. */
  protected wake(): void {
    if (this.woken || !this.running) return;
    this.woken = true;
    this.platform.wakeSoon();
  }

  /** @internal */
  removeTimer(timer: Timed): void {
    this.timers.remove(timer);
  }

  /** @internal Fires what is due, the earliest deadline first. */
  protected fireTimers(): void {
    const { timers } = this;
    const now = this.now = this.time();
    while (timers.isDue(now)) {
      const timer = timers.shift();
      this.observer?.fired(timer);
      timer.due();
      this.observer?.dealtWith(timer);
    }
  }

  /** @internal Tells the idle hook until when, in milliseconds of the loop's clock, nothing is due. */
  protected tellIdle(deadline: number): void {
    this.idleUntil = deadline;
    try {
      this.idleHook?.(deadline);
    } catch (exception) {
      this.callExceptionHandler({ message: "Exception in the idle hook", exception });
    }
  }
}
