import { ForeignWait } from "../../runtime/foreign_wait.ts";
import { TimerHandle } from "../../runtime/handle.ts";
import { stepNode } from "../../runtime/native.ts";
import { reaches } from "../../runtime/reaches.ts";
import { Schedule } from "../../runtime/schedule.ts";
import { LATELY } from "../../runtime/scope.ts";
import type { Timed } from "../../runtime/timer_heap.ts";

/** The turns of a loop, each for all that is ready: there is nobody to run between two nodes. */
export abstract class Turns extends Schedule {
  /**
   * Runs what is ready; with nothing ready, tells the platform the next deadline.
   *
   * @returns Whether to call again.
   */
  turn(): boolean {
    this.woken = this.running;
    if (!this.running) return false;
    if (this.stopping && this.turned) return this.endRun();
    this.turned = true;
    this.fireTimers();
    let left = this.ready.size;
    if (left === 0) return this.rest();
    this.epoch++;
    while (left-- > 0) {
      this.steps++;
      stepNode(this.ready.shift()!);
    }
    return true;
  }

  /** Nothing is ready: ends the run where it was stopped, else sleeps until the next deadline. */
  private rest(): false {
    if (this.stopping) return this.endRun();
    const first = this.timers.first();
    const deadline = first === null ? Infinity : first.deadline;
    this.woken = false;
    this.epoch += LATELY + 1;
    if (this.idleHook !== null && deadline !== this.idleUntil) this.tellIdle(deadline);
    this.platform.wakeAt(deadline, this.now);
    // Where a deadline is a timer, only that calls.
    return false;
  }

  /** @internal */
  addTimer(timer: Timed): void {
    this.timers.add(timer);
    // Only these can be followed outside a turn, which would end with a look at the timers.
    if (!reaches(TimerHandle) && !reaches(ForeignWait)) return;
    if (!this.woken && this.timers.first() === timer) this.wake();
  }
}
