/**
 * Effection 4: generator functions as operations, tasks spawned into scopes.
 *
 * @module
 */

import {
  createQueue,
  type Operation,
  run,
  sleep,
  spawn,
  type Task,
  until,
  withResolvers,
} from "npm:effection@4.1.1";
import { pendingDelay, pendingTimers, queueSize, timerDelay } from "./cases.ts";
import type { Meter, Program, Programs } from "./subject.ts";

/** A program written as an operation, run by Effection from its start to its end. */
function program(
  words: string,
  body: (count: number, meter: Meter) => Operation<number>,
): Program {
  return { words, run: async (count, meter) => await run(() => body(count, meter)) };
}

/** Gives others a turn; `sleep(0)` would be a timer of the engine, a thousand times slower. */
function turn(): Operation<void> {
  return until(Promise.resolve());
}

/** Effection's own queue has no bound, so a second one carries the room back to who puts. */
class BoundedQueue<T> {
  #items = createQueue<T, never>();
  #room = createQueue<undefined, never>();

  constructor(size: number) {
    for (let i = 0; i < size; i++) this.#room.add(undefined);
  }

  *put(item: T): Operation<void> {
    yield* this.#room.next();
    this.#items.add(item);
  }

  *take(): Operation<T> {
    const { value } = yield* this.#items.next();
    this.#room.add(undefined);
    return value;
  }
}

function* yieldTurns(count: number, meter: Meter): Operation<number> {
  let turns = 0;
  function* taker(): Operation<void> {
    for (let i = 0; i < count / 2; i++) {
      yield* turn();
      turns++;
    }
  }
  meter.start();
  const first = yield* spawn(taker);
  const second = yield* spawn(taker);
  yield* first;
  yield* second;
  meter.stop();
  return turns;
}

function* handEvents(count: number, meter: Meter): Operation<number> {
  let handed = 0;
  let ping = withResolvers<void>();
  let pong = withResolvers<void>();
  function* caller(): Operation<void> {
    for (let i = 0; i < count / 2; i++) {
      ping.resolve();
      yield* pong.operation;
      pong = withResolvers();
      handed++;
    }
  }
  function* answerer(): Operation<void> {
    for (let i = 0; i < count / 2; i++) {
      yield* ping.operation;
      ping = withResolvers();
      handed++;
      pong.resolve();
    }
  }
  meter.start();
  const first = yield* spawn(caller);
  const second = yield* spawn(answerer);
  yield* first;
  yield* second;
  meter.stop();
  return handed;
}

function* passItems(count: number, meter: Meter): Operation<number> {
  let taken = 0;
  const queue = new BoundedQueue<number>(queueSize);
  function* producer(): Operation<void> {
    for (let i = 0; i < count / 2; i++) yield* queue.put(1);
  }
  function* consumer(): Operation<void> {
    for (let i = 0; i < count; i++) taken += yield* queue.take();
  }
  meter.start();
  yield* spawn(producer);
  yield* spawn(producer);
  const consuming = yield* spawn(consumer);
  yield* consuming;
  meter.stop();
  return taken;
}

function* callNested(count: number, meter: Meter): Operation<number> {
  const settled = withResolvers<number>();
  settled.resolve(1);
  function* inner(): Operation<number> {
    return yield* settled.operation;
  }
  function* outer(): Operation<number> {
    return yield* inner();
  }
  let total = 0;
  meter.start();
  for (let i = 0; i < count; i++) total += yield* outer();
  meter.stop();
  return total;
}

function* runTasks(count: number, meter: Meter): Operation<number> {
  // deno-lint-ignore require-yield
  function* body(): Operation<number> {
    return 1;
  }
  let total = 0;
  meter.start();
  for (let i = 0; i < count; i++) {
    const task = yield* spawn(body);
    total += yield* task;
  }
  meter.stop();
  return total;
}

function* setTimers(count: number, meter: Meter): Operation<number> {
  const pending: Task<void>[] = [];
  for (let i = 0; i < pendingTimers; i++) {
    pending.push(yield* spawn(() => sleep(pendingDelay(i))));
  }
  yield* turn();
  meter.start();
  for (let i = 0; i < count; i++) {
    const task = yield* spawn(() => sleep(timerDelay));
    // A task that is halted before its first turn would never set its timer.
    yield* turn();
    yield* task.halt();
  }
  meter.stop();
  for (const task of pending) yield* task.halt();
  return count;
}

function* suspendTasks(count: number, meter: Meter): Operation<number> {
  let ended = 0;
  const event = withResolvers<void>();
  function* waiter(): Operation<void> {
    yield* event.operation;
    ended++;
  }
  meter.start();
  for (let i = 0; i < count; i++) yield* spawn(waiter);
  yield* turn();
  meter.stop();
  event.resolve();
  while (ended < count) yield* turn();
  return ended;
}

/** Effection as a subject. */
export const programs: Programs = {
  yield: program("until(Promise.resolve())", yieldTurns),
  event: program("a withResolvers() each time", handEvents),
  queue: program("two createQueue(), items and room", passItems),
  nested: program("generators, a settled resolver", callNested),
  task: program("spawn", runTasks),
  timer: program("spawn(sleep), halt", setTimers),
  suspended: program("a task awaits a resolver", suspendTasks),
};
