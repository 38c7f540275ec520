// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  createTask,
  getRunningLoop,
  LifoQueue,
  PriorityQueue,
  Queue,
  QueueShutDown,
  sleep,
  taskGroup,
} from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

/** Runs the same case for each class of queue. */
function each(
  name: string,
  test: (create: <T extends string | number>(maxsize?: number) => Queue<T>) => Promise<void>,
) {
  Deno.test(`Queue: ${name}`, () => virtual(() => test((maxsize) => new Queue(maxsize))));
  Deno.test(`LifoQueue: ${name}`, () => virtual(() => test((maxsize) => new LifoQueue(maxsize))));
  Deno.test(
    `PriorityQueue: ${name}`,
    () => virtual(() => test((maxsize) => new PriorityQueue(maxsize))),
  );
}

/** Asserts that `queue` takes and gives nothing any more. */
async function assertShut(queue: Queue<string>) {
  await assertRejects(async () => await queue.put("data"), QueueShutDown);
  assertThrows(() => queue.putNowait("data"), QueueShutDown);
  await assertRejects(async () => await queue.get(), QueueShutDown);
  assertThrows(() => queue.getNowait(), QueueShutDown);
}

each("join waits until every item put has been reported done", async (create) => {
  const queue = create<number>();
  let sum = 0;
  for (let i = 1; i <= 10; i++) queue.putNowait(i);
  await taskGroup(async (group) => {
    const workers = [1, 2].map(() =>
      group.createTask(async () => {
        for (;;) {
          const item = await queue.get();
          await sleep(item);
          sum += item;
          queue.taskDone();
        }
      })
    );
    await queue.join();
    assertEquals(sum, 55);
    for (const worker of workers) worker.cancel();
  });
});

each("join of an empty queue goes on at once", async (create) => {
  const queue = create<number>();
  await queue.join();
  await queue.join();
  queue.putNowait(1);
  const joined = createTask(() => queue.join());
  await queue.get();
  await sleep(5);
  assertEquals(joined.done(), false);
  queue.taskDone();
  await joined;
  assertEquals(now(), 5);
});

each("taskDone more often than items were put is an error", async (create) => {
  const queue = create<number>();
  assertThrows(() => queue.taskDone(), Error);
  queue.putNowait(1);
  queue.taskDone();
  assertThrows(() => queue.taskDone(), Error);
});

each("shutdown_empty - wakes the getters with QueueShutDown, join goes on", async (create) => {
  const queue = create<string>();
  const getter = createTask(() => queue.get());
  await sleep(0);
  queue.shutdown();
  await queue.join();
  await assertRejects(() => getter, QueueShutDown);
  await assertShut(queue);
});

each("shutdown_nonempty - refuses puts, lets the items out, then refuses gets", async (create) => {
  const queue = create<string>(1);
  queue.putNowait("data");
  const joined = createTask(() => queue.join());
  const putter = createTask(() => queue.put("more"));
  await sleep(0);
  assertEquals(putter.done(), false);
  queue.shutdown();
  assertEquals(queue.qsize(), 1);
  await assertRejects(() => putter, QueueShutDown);
  assertEquals(await queue.get(), "data");
  await sleep(0);
  assertEquals(joined.done(), false);
  await assertShut(queue);
  queue.taskDone();
  await joined;
  assertThrows(() => queue.taskDone(), Error);
});

each("shutdown_immediate - drops the items and counts them as done", async (create) => {
  const queue = create<string>();
  queue.putNowait("data");
  const joined = createTask(() => queue.join());
  await sleep(0);
  queue.shutdown(true);
  assertEquals(queue.qsize(), 0);
  await joined;
  await assertShut(queue);
  assertThrows(() => queue.taskDone(), Error);
});

each("shutdown_immediate_with_unfinished - join waits for items taken before", async (create) => {
  const queue = create<string>();
  queue.putNowait("data");
  queue.putNowait("data");
  const joined = createTask(() => queue.join());
  assertEquals(await queue.get(), "data");
  queue.shutdown(true);
  assertEquals(queue.qsize(), 0);
  await sleep(5);
  assertEquals(joined.done(), false);
  await assertShut(queue);
  queue.taskDone();
  assertThrows(() => queue.taskDone(), Error);
  await joined;
});

each("shutdown may come twice, the second time immediately", async (create) => {
  const queue = create<string>();
  queue.putNowait("data");
  queue.shutdown();
  queue.shutdown();
  assertEquals(queue.qsize(), 1);
  queue.shutdown(true);
  assertEquals(queue.qsize(), 0);
  await assertShut(queue);
});

each("a putter let in before the shutdown has put, one still waiting has not", async (create) => {
  const queue = create<string>(1);
  queue.putNowait("first");
  const second = createTask(() => queue.put("second"));
  const third = createTask(() => queue.put("third"));
  await sleep(0);
  assertEquals(queue.getNowait(), "first");
  await second;
  queue.shutdown();
  await assertRejects(() => third, QueueShutDown);
  assertEquals(await queue.get(), "second");
  await assertShut(queue);
});
