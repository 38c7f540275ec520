/**
 * Effect 4, as its documentation writes programs: `Effect.gen`, fibers, the default scheduler (a turn of
 * which is the engine's `setImmediate`).
 *
 * @module
 */

import * as Deferred from "npm:effect@4.1.0/Deferred";
import * as Effect from "npm:effect@4.1.0/Effect";
import * as Fiber from "npm:effect@4.1.0/Fiber";
import * as Queue from "npm:effect@4.1.0/Queue";
import { pendingDelay, pendingTimers, queueSize, timerDelay } from "./cases.ts";
import type { Meter, Program, Programs } from "./subject.ts";

/** A program written as a generator of effects, run by Effect from its start to its end. */
function program(
  words: string,
  body: (count: number, meter: Meter) => Effect.Effect<number>,
): Program {
  return { words, run: (count, meter) => Effect.runPromise(body(count, meter)) };
}

const yieldTurns = Effect.fnUntraced(function* (count: number, meter: Meter) {
  let turns = 0;
  const taker = Effect.gen(function* () {
    for (let i = 0; i < count / 2; i++) {
      yield* Effect.yieldNow;
      turns++;
    }
  });
  meter.start();
  const first = yield* Effect.forkChild(taker);
  const second = yield* Effect.forkChild(taker);
  yield* Fiber.join(first);
  yield* Fiber.join(second);
  meter.stop();
  return turns;
});

const handEvents = Effect.fnUntraced(function* (count: number, meter: Meter) {
  let handed = 0;
  let ping = yield* Deferred.make<void>();
  let pong = yield* Deferred.make<void>();
  const caller = Effect.gen(function* () {
    for (let i = 0; i < count / 2; i++) {
      yield* Deferred.succeed(ping, undefined);
      yield* Deferred.await(pong);
      pong = yield* Deferred.make<void>();
      handed++;
    }
  });
  const answerer = Effect.gen(function* () {
    for (let i = 0; i < count / 2; i++) {
      yield* Deferred.await(ping);
      ping = yield* Deferred.make<void>();
      handed++;
      yield* Deferred.succeed(pong, undefined);
    }
  });
  meter.start();
  const first = yield* Effect.forkChild(caller);
  const second = yield* Effect.forkChild(answerer);
  yield* Fiber.join(first);
  yield* Fiber.join(second);
  meter.stop();
  return handed;
});

const passItems = Effect.fnUntraced(function* (count: number, meter: Meter) {
  let taken = 0;
  const queue = yield* Queue.bounded<number>(queueSize);
  const producer = Effect.gen(function* () {
    for (let i = 0; i < count / 2; i++) yield* Queue.offer(queue, 1);
  });
  const consumer = Effect.gen(function* () {
    for (let i = 0; i < count; i++) taken += yield* Queue.take(queue);
  });
  meter.start();
  yield* Effect.forkChild(producer);
  yield* Effect.forkChild(producer);
  yield* Fiber.join(yield* Effect.forkChild(consumer));
  meter.stop();
  return taken;
});

const callNested = Effect.fnUntraced(function* (count: number, meter: Meter) {
  const settled = yield* Deferred.make<number>();
  yield* Deferred.succeed(settled, 1);
  const inner = Effect.fnUntraced(function* () {
    return yield* Deferred.await(settled);
  });
  const outer = Effect.fnUntraced(function* () {
    return yield* inner();
  });
  let total = 0;
  meter.start();
  for (let i = 0; i < count; i++) total += yield* outer();
  meter.stop();
  return total;
});

const runTasks = Effect.fnUntraced(function* (count: number, meter: Meter) {
  const body = Effect.succeed(1);
  let total = 0;
  meter.start();
  for (let i = 0; i < count; i++) {
    const fiber = yield* Effect.forkChild(body);
    total += yield* Fiber.join(fiber);
  }
  meter.stop();
  return total;
});

const setTimers = Effect.fnUntraced(function* (count: number, meter: Meter) {
  // A fiber that is interrupted before its first turn would never set its timer.
  const now = { startImmediately: true };
  const pending: Fiber.Fiber<void>[] = [];
  for (let i = 0; i < pendingTimers; i++) {
    pending.push(yield* Effect.forkChild(Effect.sleep(pendingDelay(i)), now));
  }
  meter.start();
  for (let i = 0; i < count; i++) {
    const fiber = yield* Effect.forkChild(Effect.sleep(timerDelay), now);
    yield* Fiber.interrupt(fiber);
  }
  meter.stop();
  yield* Fiber.interruptAll(pending);
  return count;
});

const suspendTasks = Effect.fnUntraced(function* (count: number, meter: Meter) {
  let ended = 0;
  const event = yield* Deferred.make<void>();
  const waiter = Effect.gen(function* () {
    yield* Deferred.await(event);
    ended++;
  });
  meter.start();
  for (let i = 0; i < count; i++) yield* Effect.forkChild(waiter);
  yield* Effect.yieldNow;
  yield* Effect.yieldNow;
  meter.stop();
  yield* Deferred.succeed(event, undefined);
  while (ended < count) yield* Effect.yieldNow;
  return ended;
});

/** Effect as a subject. */
export const programs: Programs = {
  yield: program("yield* Effect.yieldNow", yieldTurns),
  event: program("a Deferred each time", handEvents),
  queue: program("Queue.bounded(1): offer, take", passItems),
  nested: program("Effect.fnUntraced, a done Deferred", callNested),
  task: program("forkChild, Fiber.join", runTasks),
  timer: program("forkChild(sleep), Fiber.interrupt", setTimers),
  suspended: program("a fiber awaits a Deferred", suspendTasks),
};
