// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  CancelledError,
  createTask,
  gather,
  getRunningLoop,
  LifoQueue,
  PriorityQueue,
  Queue,
  QueueEmpty,
  QueueFull,
  sleep,
  taskGroup,
  TimeoutError,
  waitFor,
} from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

/** Takes `n` items, waiting where there are none. */
async function drain<T>(queue: Queue<T>, n: number): Promise<T[]> {
  const items: T[] = [];
  while (items.length < n) items.push(await queue.get());
  return items;
}

Deno.test("Queue: gives items in the order in which they were put", async () => {
  await virtual(async () => {
    const queue = new Queue<number>();
    for (const n of [1, 3, 2]) await queue.put(n);
    assertEquals([queue.qsize(), queue.empty(), queue.full(), queue.maxsize], [3, false, false, 0]);
    assertEquals(await drain(queue, 3), [1, 3, 2]);
    assertEquals([queue.qsize(), queue.empty()], [0, true]);
  });
});

Deno.test("LifoQueue: gives the newest item first", async () => {
  await virtual(async () => {
    const queue = new LifoQueue<number>();
    for (const n of [1, 3, 2]) await queue.put(n);
    assertEquals(await drain(queue, 3), [2, 3, 1]);
  });
});

Deno.test("PriorityQueue: gives the least item first, by < or by a comparator", async () => {
  await virtual(async () => {
    const numbers = new PriorityQueue<number>();
    const wanted = [5, 3, 9, 1, 1, 7, -2, 10];
    for (const n of wanted) numbers.putNowait(n);
    assertEquals(await drain(numbers, 8), [-2, 1, 1, 3, 5, 7, 9, 10]);

    const words = new PriorityQueue<string>();
    for (const word of ["pear", "apple", "fig"]) words.putNowait(word);
    assertEquals(await drain(words, 3), ["apple", "fig", "pear"]);

    const byLength = new PriorityQueue<string>(0, (a: string, b: string) => a.length - b.length);
    for (const word of ["banana", "fig", "pear"]) byLength.putNowait(word);
    assertEquals(await drain(byLength, 3), ["fig", "pear", "banana"]);
  });
});

Deno.test("Queue: getNowait and putNowait throw QueueEmpty and QueueFull", async () => {
  await virtual(async () => {
    const queue = new Queue<number>(1);
    assertThrows(() => queue.getNowait(), QueueEmpty);
    queue.putNowait(1);
    assertEquals([queue.full(), queue.maxsize], [true, 1]);
    assertThrows(() => queue.putNowait(2), QueueFull);
    assertEquals([queue.getNowait(), queue.qsize()], [1, 0]);
  });
});

Deno.test("Queue: put and get go on at once while there is room and items", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const queue = new Queue<number>(2);
    getRunningLoop().callSoon(() => log.push("turn over"));
    await queue.put(1);
    await queue.put(2);
    log.push(`${await queue.get()} ${await queue.get()}`);
    await sleep(0);
  });
  assertEquals(log, ["1 2", "turn over"]);
});

Deno.test("Queue: get waits for an item, getters are served in the order in which they came", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const queue = new Queue<string>();
    const get = async (name: string) => {
      log.push(`${name} gets ${await queue.get()} at ${now()}`);
    };
    const getters = ["a", "b", "c"].map((name) => createTask(get, name));
    await sleep(10);
    queue.putNowait("first");
    queue.putNowait("second");
    await sleep(10);
    queue.putNowait("third");
    await gather(getters);
  });
  assertEquals(log, ["a gets first at 10", "b gets second at 10", "c gets third at 20"]);
});

Deno.test("Queue: put waits for room, putters are served in the order in which they came", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const queue = new Queue<string>(1);
    const put = async (item: string) => {
      await queue.put(item);
      log.push(`${item} is in at ${now()}`);
    };
    const putters = ["a", "b", "c"].map((item) => createTask(put, item));
    await sleep(10);
    log.push(`got ${await queue.get()}`);
    await sleep(10);
    log.push(`got ${await queue.get()}`);
    await gather(putters);
    log.push(`got ${await queue.get()}`);
  });
  assertEquals(log, [
    "a is in at 0",
    "got a",
    "b is in at 10",
    "got b",
    "c is in at 20",
    "got c",
  ]);
});

Deno.test("Queue: keeps its order while it grows and shrinks", async () => {
  await virtual(async () => {
    const queue = new Queue<number>();
    const got: number[] = [];
    let next = 0;
    for (const [puts, gets] of [[3, 2], [4, 1], [9, 12], [1, 0], [40, 20], [5, 27]] as const) {
      for (let i = 0; i < puts; i++) queue.putNowait(next++);
      for (let i = 0; i < gets; i++) got.push(queue.getNowait());
      assertEquals(queue.qsize(), next - got.length);
    }
    assertEquals(got, Array.from({ length: 62 }, (_, i) => i));
  });
});

Deno.test("Queue: producers and consumers of different pace pass everything on, in order", async () => {
  for (const [maxsize, produce, consume] of [[1, 1, 3], [2, 3, 1], [0, 0, 1], [1, 0, 0]]) {
    await virtual(async () => {
      const queue = new Queue<number>(maxsize);
      const got: number[] = [];
      await taskGroup(async (group) => {
        group.createTask(async () => {
          for (let i = 0; i < 10; i++) {
            await sleep(produce ?? 0);
            await queue.put(i);
          }
        });
        group.createTask(async () => {
          for (let i = 0; i < 10; i++) {
            await sleep(consume ?? 0);
            got.push(await queue.get());
          }
        });
      });
      assertEquals(got, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    });
  }
});

Deno.test("Queue: getNowait makes room for a putter, putNowait serves a getter", async () => {
  await virtual(async () => {
    const queue = new Queue<number>(1);
    queue.putNowait(1);
    const putter = createTask(() => queue.put(2));
    await sleep(0);
    assertEquals([queue.getNowait(), putter.done()], [1, false]);
    await putter;
    assertEquals(queue.getNowait(), 2);

    const getter = createTask(() => queue.get());
    await sleep(0);
    queue.putNowait(3);
    assertEquals([await getter, queue.qsize()], [3, 0]);
  });
});

Deno.test("Queue: get_cancelled_race - a cancelled getter leaves its item to the next", async () => {
  await virtual(async () => {
    const queue = new Queue<string>();
    const a = createTask(() => queue.get());
    const b = createTask(() => queue.get());
    await sleep(0);
    a.cancel();
    await sleep(0);
    assertEquals(a.cancelled(), true);
    await queue.put("item");
    assertEquals(await waitFor(b, 10), "item");
  });
});

Deno.test("Queue: a getter woken and then cancelled loses no item and keeps the order", async () => {
  await virtual(async () => {
    const queue = new Queue<number>();
    const reader = createTask(() => queue.get());
    await sleep(0);
    queue.putNowait(1);
    queue.putNowait(2);
    reader.cancel();
    await assertRejects(() => reader, CancelledError);
    assertEquals([await queue.get(), await queue.get()], [1, 2]);
  });
});

Deno.test("Queue: of several waiting getters a cancelled one hands its item on", async () => {
  await virtual(async () => {
    const queue = new Queue<number>();
    const readers = [1, 2, 3].map(() => createTask(() => queue.get()));
    await sleep(0);
    queue.putNowait(1);
    queue.putNowait(2);
    readers[0]?.cancel();
    await gather(readers, { returnExceptions: true });
    assertEquals(readers.map((reader) => reader.cancelled()), [true, false, false]);
    assertEquals(readers.slice(1).map((reader) => reader.result()), [1, 2]);
  });
});

Deno.test("Queue: put_cancelled_race - a cancelled putter puts nothing, the others keep their order", async () => {
  await virtual(async () => {
    const queue = new Queue<string>(1);
    const [a, b, dropped] = ["a", "b", "dropped"].map((item) => createTask(() => queue.put(item)));
    await sleep(0);
    assertEquals([a?.done(), b?.done()], [true, false]);
    dropped?.cancel();
    await sleep(0);
    assertEquals([dropped?.cancelled(), queue.getNowait()], [true, "a"]);
    await sleep(0);
    assertEquals([queue.getNowait(), queue.qsize()], ["b", 0]);
    await b;
  });
});

Deno.test("Queue: a putter woken and then cancelled puts nothing, and its room goes on", async () => {
  await virtual(async () => {
    const queue = new Queue<string>(1);
    queue.putNowait("first");
    const dropped = createTask(() => queue.put("dropped"));
    const next = createTask(() => queue.put("next"));
    await sleep(0);
    assertEquals(queue.getNowait(), "first");
    dropped.cancel();
    await assertRejects(() => dropped, CancelledError);
    await waitFor(next, 10);
    assertEquals([queue.getNowait(), queue.qsize()], ["next", 0]);
  });
});

Deno.test("Queue: under waitFor an item that comes after the limit stays in the queue", async () => {
  await virtual(async () => {
    const queue = new Queue<string>();
    await assertRejects(async () => await waitFor(() => queue.get(), 10), TimeoutError);
    queue.putNowait("late");
    assertEquals([queue.qsize(), await queue.get()], [1, "late"]);
  });
});

Deno.test("Queue: an item that comes at the very limit is given or stays, never lost", async () => {
  for (const first of ["item", "limit"]) {
    await virtual(async () => {
      const queue = new Queue<string>();
      const put = () => getRunningLoop().callAt(10, () => queue.putNowait("item"));
      if (first === "item") put();
      const taken = createTask(() => waitFor(() => queue.get(), 10));
      await sleep(0);
      if (first === "limit") put();
      const [got] = await gather([taken], { returnExceptions: true });
      const kept = queue.qsize() === 1 && await queue.get() === "item";
      assertEquals(got === "item" ? !kept : got instanceof TimeoutError && kept, true);
    });
  }
});

Deno.test("Queue: nothing is lost or doubled however cancels, puts and gets meet", async () => {
  const main = async () => {
    const queue = new Queue<number>(3);
    let state = 7;
    const random = (n: number) => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return Math.floor(state / 65536) % n;
    };
    const got: number[] = [];
    const put: number[] = [];
    const tasks = [];
    for (let i = 0; i < 200; i++) {
      const work = random(2) === 0
        ? async () => {
          got.push(await queue.get());
        }
        : async () => {
          await queue.put(i);
          put.push(i);
        };
      const task = createTask(work);
      tasks.push(task);
      if (random(3) === 0) await sleep(0);
      if (random(3) === 0) tasks[random(tasks.length)]?.cancel();
    }
    await sleep(1);
    for (const task of tasks) task.cancel();
    await gather(tasks, { returnExceptions: true });
    while (!queue.empty()) got.push(queue.getNowait());
    assertEquals(got.slice().sort((a, b) => a - b), put.sort((a, b) => a - b));
  };
  for (const seed of [0, 1, 2, 3, 4, 5]) await virtual(main, { seed });
});
