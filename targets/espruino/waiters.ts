import { mayCallTwice } from "../../runtime/calls.ts";
import type { Waiter } from "../../runtime/wait_base.ts";

/** What can be awaited by any number of waiters; several of them stand behind one. */
export interface Awaited {
  waiter: Waiter | null;
}

/** Several waiters as one, the first first. */
class Several implements Waiter {
  nextWaiter: Waiter | null = null;
  readonly all: Waiter[];

  constructor(first: Waiter) {
    this.all = [first];
  }

  resume(value: unknown): void {
    this.all.forEach((waiter) => waiter.resume(value));
  }

  throw(error: unknown): void {
    this.all.forEach((waiter) => waiter.throw(error));
  }
}

/** Adds one behind the others. */
export function addWaiter(to: Awaited, waiter: Waiter): void {
  // Of the only call there is, and of what that waits for, nobody else knows.
  if (!mayCallTwice() || to.waiter === null) to.waiter = waiter;
  else {
    const several = to.waiter instanceof Several ? to.waiter : new Several(to.waiter);
    several.all.push(waiter);
    to.waiter = several;
  }
}

/** Tells all of them the outcome, the first first. */
export function tellWaiters(of: Awaited, outcome: unknown, failed: boolean): void {
  const { waiter } = of;
  of.waiter = null;
  if (waiter !== null) {
    if (failed) waiter.throw(outcome);
    else waiter.resume(outcome);
  }
}

/** All of them, the first first. */
export function waitersOf({ waiter }: Awaited): Waiter[] {
  if (waiter === null) return [];
  return waiter instanceof Several ? waiter.all : [waiter];
}
