/**
 * asyncio's usage guide, line by line, in awaitio. It needs no pins: run it as an ordinary process with
 * `deno run`, or with the target `host`, or in the simulator.
 */
import {
  createTask,
  gather,
  getEventLoop,
  getRunningLoop,
  newEventLoop,
  Queue,
  run,
  sleep,
} from "awaitio";

// 1. Coroutine functions: `async def` is `async function`.
async function greet(name: string, delay: number) {
  await sleep(delay); // 5. sleep, in milliseconds
  console.log(`hello, ${name}`);
  return name.length;
}

export default async function main() {
  // 2. Getting the loop that runs this task.
  const loop = getRunningLoop();
  console.log(`in a running loop: ${loop === getEventLoop()}`);

  // 3. gather: several at once, results in the order of the arguments.
  const lengths = await gather(() => greet("Ada", 30), () => greet("Grace", 10));
  console.log(`lengths: ${lengths.join(", ")}`);

  // 4. Asynchronous IO: a producer and a consumer; a pin or a serial line is awaited the same way.
  const queue = new Queue<string>(1);
  const producer = createTask({ name: "producer" }, async () => {
    for (const word of ["one", "two", "three"]) await queue.put(word);
    queue.shutdown();
  });
  for await (const word of queue) console.log(`got ${word}`);

  // 6. callSoon and its relatives.
  const called = loop.createFuture<string>();
  loop.callSoon(() => console.log("called soon"));
  const never = loop.callLater(20, () => console.log("never called"));
  loop.callAt(loop.time() + 10, (text: string) => called.setResult(text), "called at a time");
  never.cancel();
  console.log(await called);

  // 7. createTask: runs beside us until we await it.
  const task = createTask({ name: "greeter" }, greet, "Barbara", 5);
  console.log(`${task.getName()} is done: ${task.done()}`);
  console.log(`${task.getName()} gave ${await task}`);
  await producer;
}

// 8. A loop of one's own, and runUntilComplete. `run(main)` does this and cleans up.
if (import.meta.main) {
  const loop = newEventLoop();
  const length = await loop.runUntilComplete(greet, "loop", 5);
  console.log(`runUntilComplete gave ${length}`);
  loop.close();
  await run(main);
}
