import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { CancelledError, createTask, sleep, taskGroup, timeout, TimeoutError } from "awaitio";
import { on, once } from "awaitio/johnny-five";
import { virtual } from "awaitio/simulator";
import { EventEmitter } from "node:events";

Deno.test("once gives what the next event was told with", async () => {
  await virtual(async () => {
    const emitter = new EventEmitter();
    const press = createTask(() => once(emitter, "press"));
    await sleep(1);
    emitter.emit("other", 0);
    emitter.emit("press", 1, "two");
    emitter.emit("press", 3);
    assertEquals(await press, [1, "two"]);
    assertEquals(emitter.eventNames(), []);
  });
});

Deno.test("once fails with an error that comes before", async () => {
  await virtual(async () => {
    const emitter = new EventEmitter();
    const press = createTask(() => once(emitter, "press"));
    await sleep(1);
    emitter.emit("error", new Error("bus fault"));
    await assertRejects(async () => await press, Error, "bus fault");
    assertEquals(emitter.eventNames(), []);
  });
});

Deno.test("once waits for an error where it is asked to", async () => {
  await virtual(async () => {
    const emitter = new EventEmitter();
    const error = createTask(() => once<[Error]>(emitter, "error"));
    await sleep(1);
    emitter.emit("error", new Error("expected"));
    assertEquals((await error)[0].message, "expected");
  });
});

Deno.test("once, cancelled or out of time, listens no more", async () => {
  await virtual(async () => {
    const emitter = new EventEmitter();
    await assertRejects(() => timeout(10, () => once(emitter, "press")), TimeoutError);
    assertEquals(emitter.eventNames(), []);
    const press = createTask(() => once(emitter, "press"));
    await sleep(1);
    press.cancel();
    await assertRejects(async () => await press, CancelledError);
    assertEquals(emitter.eventNames(), []);
  });
});

Deno.test("on gives events in order, and keeps those that come while the program is busy", async () => {
  const log: number[] = [];
  await virtual(async () => {
    const emitter = new EventEmitter();
    const reader = createTask(async () => {
      for await (const [value] of on<[number]>(emitter, "data")) {
        log.push(value);
        if (value === 5) break;
        await sleep(10);
      }
    });
    await sleep(1);
    for (let i = 1; i <= 5; i++) emitter.emit("data", i);
    await reader;
    assertEquals(emitter.eventNames(), []);
  });
  assertEquals(log, [1, 2, 3, 4, 5]);
});

Deno.test("on drops the oldest events of those that do not fit, and counts them", async () => {
  await virtual(async () => {
    const emitter = new EventEmitter();
    const stream = on<[number]>(emitter, "data", { size: 2 });
    for (let i = 1; i <= 5; i++) emitter.emit("data", i);
    assertEquals(stream.dropped, 3);
    assertEquals([(await stream.next()).value, (await stream.next()).value], [[4], [5]]);
    stream.close();
    assertEquals((await stream.next()).done, true);
  });
});

Deno.test("on throws an error after what had come, once", async () => {
  await virtual(async () => {
    const emitter = new EventEmitter();
    const stream = on(emitter, "data");
    emitter.emit("data", 1);
    emitter.emit("error", new Error("unplugged"));
    assertEquals((await stream.next()).value, [1]);
    await assertRejects(async () => await stream.next(), Error, "unplugged");
    assertEquals((await stream.next()).done, true);
    const late = on(emitter, "data");
    const waiting = createTask(() => late.next());
    await sleep(1);
    emitter.emit("error", new Error("again"));
    await assertRejects(async () => await waiting, Error, "again");
  });
});

Deno.test("on loses no event to a cancel, and a stream ends with the scope that opened it", async () => {
  await virtual(async () => {
    const emitter = new EventEmitter();
    const stream = on(emitter, "data");
    const first = createTask(() => stream.next());
    await sleep(1);
    emitter.emit("data", 1);
    first.cancel();
    await assertRejects(async () => await first, CancelledError);
    assertEquals((await stream.next()).value, [1]);
    await taskGroup((group) => {
      group.createTask(async () => {
        on(emitter, "other");
        await sleep(1);
      });
    });
    assertEquals(emitter.eventNames().includes("other"), false);
    stream.close();
  });
});

Deno.test("on refuses sizes that are none", async () => {
  await virtual(() => {
    for (const size of [0, 1.5, NaN]) {
      assertThrows(() => on(new EventEmitter(), "x", { size }), RangeError, `Cannot keep ${size}`);
    }
  });
});
