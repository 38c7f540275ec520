import type { Waiter } from "../../runtime/wait_base.ts";

/** What can be awaited by any number of waiters, which stand in an array while there are some. */
export interface Awaited {
  waiter: Waiter | null;
}

/** The same, as it is used here. */
interface Waited {
  waiter: Waiter[] | null;
}

/** Adds one behind the others. */
export function addWaiter(to: Awaited, waiter: Waiter): void {
  const { waiter: list } = to as unknown as Waited;
  if (list === null) (to as unknown as Waited).waiter = [waiter];
  else list.push(waiter);
}

/** Tells all of them the outcome, the first first. */
export function tellWaiters(of: Awaited, outcome: unknown, failed: boolean): void {
  const { waiter: list } = of as unknown as Waited;
  of.waiter = null;
  if (list !== null) {
    list.forEach((waiter) => failed ? waiter.throw(outcome) : waiter.resume(outcome));
  }
}

/** All of them, the first first. */
export function waitersOf({ waiter: list }: Awaited): Waiter[] {
  return (list as unknown as Waiter[] | null) ?? [];
}
