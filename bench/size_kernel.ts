/**
 * The smallest program that needs all of the kernel: the loop, tasks, sleep, cancellation and the driver. `sizes.ts`
 * tells how large it is when it is compiled.
 *
 * @module
 */

import { CancelledError, createTask, run, sleep } from "awaitio";

export { run };

/** Cancels a task that sleeps. */
export default async function main(): Promise<void> {
  const task = createTask(async () => {
    await sleep(10);
  });
  await sleep(1);
  task.cancel();
  try {
    await task;
  } catch (error) {
    if (!(error instanceof CancelledError)) throw error;
  }
}
