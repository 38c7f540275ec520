/**
 * What carrying a task's scope costs by itself: an async function begun on the next turn and awaited, bare, and
 * the same inside `AsyncLocalStorage.run`, which native mode needs once a task. The ratio is the least that
 * the case `task` can reach on this engine.
 *
 *     deno run bench/task_floor.ts
 *
 * @module
 */

import { AsyncLocalStorage } from "node:async_hooks";

const COUNT = 100_000;
const ROUNDS = 12;

const storage = new AsyncLocalStorage<number>();

function body(): Promise<number> {
  return Promise.resolve(1);
}

async function time(begin: () => Promise<number>): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < COUNT; i++) await begin();
  return (performance.now() - start) * 1e6 / COUNT;
}

if (import.meta.main) {
  let bare = Infinity;
  let carried = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    bare = Math.min(bare, await time(() => Promise.resolve().then(body)));
    carried = Math.min(
      carried,
      await time(() => Promise.resolve().then(() => storage.run(round, body))),
    );
  }
  const ratio = (carried / bare).toFixed(1);
  console.log(
    `bare ${bare.toFixed(0)} ns, in AsyncLocalStorage.run ${carried.toFixed(0)} ns: ${ratio} times`,
  );
}
