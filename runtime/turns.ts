import { endStreak, stepNode } from "./native.ts";
import { getHost } from "./platform.ts";
import { Schedule } from "./schedule.ts";
import { LATELY } from "./scope.ts";
import type { Timed } from "./timer_heap.ts";

/** The turns of a loop, node by node, so that the engine's microtasks run between them. A target can replace it. */
export abstract class Turns extends Schedule {
  /** @internal */
  abstract slowCallbackDuration: number;
  /** @internal */
  protected abstract readonly order: ((count: number) => number) | null;
  /** @internal */
  protected abstract debug: boolean;
  /** How many ready nodes are left of this turn. */
  private batch = 0;
  private stepping: { readonly what: string; readonly since: number } | null = null;

  /**
   * Runs what is first in the ready queue; with nothing ready, tells the platform the next deadline.
   * For platforms.
   *
   * @returns Whether to call again, as soon as what was resumed has run.
   */
  turn(): boolean {
    if (this.watched) this.checkSlow();
    this.woken = this.running;
    if (!this.running) return false;
    if (this.batch === 0) {
      if (this.stopping && this.turned) return this.endRun();
      this.turned = true;
      if (this.timers.size > 0) this.fireTimers();
      this.batch = this.ready.size;
      if (this.batch === 0) return this.rest();
      this.epoch++;
      endStreak();
      if (this.order !== null && this.batch > 1) this.ready.reorder(this.batch, this.order);
    }
    this.batch--;
    if (this.idleHook !== null) this.idleUntil = NaN;
    const node = this.ready.shift()!;
    if (this.debug) this.stepping = { what: node.describeStep(), since: this.time() };
    this.steps++;
    stepNode(node);
    return true;
  }

  /** Nothing is ready: ends the run where it was stopped, else sleeps until the next deadline. */
  private rest(): boolean {
    if (this.stopping) return this.endRun();
    const first = this.timers.first();
    const deadline = first === null ? Infinity : first.deadline;
    // Besides what it is for, the comparison tells V8 that this is a number, which it then makes no object of.
    if (deadline !== Infinity && deadline <= this.time()) return true;
    this.woken = false;
    this.epoch += LATELY + 1;
    if (this.idleHook !== null && deadline !== this.idleUntil) this.tellIdle(deadline);
    if (deadline !== this.told) {
      this.told = deadline;
      this.platform.wakeAt(deadline, this.now);
    }
    return this.woken;
  }

  /** @internal */
  addTimer(timer: Timed): void {
    this.timers.add(timer);
    // Set from outside a turn, it may come before what the platform sleeps for.
    if (!this.woken && this.timers.first() === timer) this.wake();
  }

  /** Reports the step that has just ended where it took `slowCallbackDuration` or longer. */
  private checkSlow(): void {
    if (this.stepping === null) return;
    const { what, since } = this.stepping;
    this.stepping = null;
    const took = this.time() - since;
    if (took >= this.slowCallbackDuration) {
      getHost().report(`Executing ${what} took ${took.toFixed(0)} ms`);
    }
  }
}
