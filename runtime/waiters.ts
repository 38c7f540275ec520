import type { Waiter } from "./wait_base.ts";

/** What can be awaited by any number of waiters. */
export interface Awaited {
  /** The latest; behind it comes the first, through `nextWaiter`. */
  waiter: Waiter | null;
}

/** Adds one behind the others. */
export function addWaiter(to: Awaited, waiter: Waiter): void {
  const last = to.waiter;
  waiter.nextWaiter = last === null ? waiter : last.nextWaiter;
  if (last !== null) last.nextWaiter = waiter;
  to.waiter = waiter;
}

/** Tells all of them the outcome, the first first. */
export function tellWaiters(of: Awaited, outcome: unknown, failed: boolean): void {
  const last = of.waiter;
  if (last === null) return;
  of.waiter = null;
  let next = last.nextWaiter;
  last.nextWaiter = null;
  while (next !== null) {
    const waiter: Waiter = next;
    next = waiter.nextWaiter;
    waiter.nextWaiter = null;
    if (failed) waiter.throw(outcome);
    else waiter.resume(outcome);
  }
}

/** All of them, the first first. */
export function waitersOf({ waiter: last }: Awaited): Waiter[] {
  const waiters: Waiter[] = [];
  for (let each = last; each !== null;) {
    each = each.nextWaiter!;
    waiters.push(each);
    if (each === last) break;
  }
  return waiters;
}
