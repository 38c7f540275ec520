/**
 * The engine's promises and timers with nothing around them: the floor. There is no cancelling here,
 * no names and no owner for what was started.
 *
 * @module
 */

import { pendingDelay, pendingTimers, queueSize, timerDelay } from "./cases.ts";
import type { Meter, Programs } from "./subject.ts";

/** A bounded first in, first out queue in which both sides wait. */
class PromiseQueue<T> {
  #items: T[] = [];
  #getters: (() => void)[] = [];
  #putters: (() => void)[] = [];
  #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  async put(item: T): Promise<void> {
    while (this.#items.length >= this.#size) {
      await new Promise<void>((resolve) => this.#putters.push(resolve));
    }
    this.#items.push(item);
    this.#getters.shift()?.();
  }

  async get(): Promise<T> {
    while (this.#items.length === 0) {
      await new Promise<void>((resolve) => this.#getters.push(resolve));
    }
    const item = this.#items.shift() as T;
    this.#putters.shift()?.();
    return item;
  }
}

async function yieldTurns(count: number, meter: Meter): Promise<number> {
  let turns = 0;
  async function taker() {
    for (let i = 0; i < count / 2; i++) {
      await undefined;
      turns++;
    }
  }
  meter.start();
  await Promise.all([taker(), taker()]);
  meter.stop();
  return turns;
}

async function handEvents(count: number, meter: Meter): Promise<number> {
  let handed = 0;
  let setPing = () => {};
  let setPong = () => {};
  let ping = new Promise<void>((resolve) => setPing = resolve);
  let pong = new Promise<void>((resolve) => setPong = resolve);
  async function caller() {
    for (let i = 0; i < count / 2; i++) {
      setPing();
      await pong;
      pong = new Promise((resolve) => setPong = resolve);
      handed++;
    }
  }
  async function answerer() {
    for (let i = 0; i < count / 2; i++) {
      await ping;
      ping = new Promise((resolve) => setPing = resolve);
      handed++;
      setPong();
    }
  }
  meter.start();
  await Promise.all([caller(), answerer()]);
  meter.stop();
  return handed;
}

async function passItems(count: number, meter: Meter): Promise<number> {
  let taken = 0;
  const queue = new PromiseQueue<number>(queueSize);
  async function producer() {
    for (let i = 0; i < count / 2; i++) await queue.put(1);
  }
  async function consumer() {
    for (let i = 0; i < count; i++) taken += await queue.get();
  }
  meter.start();
  await Promise.all([producer(), producer(), consumer()]);
  meter.stop();
  return taken;
}

// deno-lint-ignore require-await
async function body() {
  return 1;
}

async function inner(settled: Promise<number>) {
  return await settled;
}

async function outer(settled: Promise<number>) {
  return await inner(settled);
}

async function callNested(count: number, meter: Meter): Promise<number> {
  const settled = body();
  let total = 0;
  meter.start();
  for (let i = 0; i < count; i++) total += await outer(settled);
  meter.stop();
  return total;
}

async function runTasks(count: number, meter: Meter): Promise<number> {
  let total = 0;
  meter.start();
  for (let i = 0; i < count; i++) total += await Promise.resolve().then(body);
  meter.stop();
  return total;
}

function setTimers(count: number, meter: Meter): Promise<number> {
  const ignore = () => {};
  const pending: ReturnType<typeof setTimeout>[] = [];
  for (let i = 0; i < pendingTimers; i++) pending.push(setTimeout(ignore, pendingDelay(i)));
  meter.start();
  for (let i = 0; i < count; i++) clearTimeout(setTimeout(ignore, timerDelay));
  meter.stop();
  for (const timer of pending) clearTimeout(timer);
  return Promise.resolve(count);
}

async function suspendTasks(count: number, meter: Meter): Promise<number> {
  let ended = 0;
  let set = () => {};
  const event = new Promise<void>((resolve) => set = resolve);
  async function waiter() {
    await event;
    ended++;
  }
  meter.start();
  for (let i = 0; i < count; i++) waiter();
  await undefined;
  meter.stop();
  set();
  while (ended < count) await undefined;
  return ended;
}

/** Plain promises as a subject. */
export const programs: Programs = {
  yield: { words: "await undefined", run: yieldTurns },
  event: { words: "a new Promise each time", run: handEvents },
  queue: { words: "arrays of items and of waiters", run: passItems },
  nested: { words: "async functions, a call that has ended", run: callNested },
  task: { words: "await Promise.resolve().then(body)", run: runTasks },
  timer: { words: "clearTimeout(setTimeout(...))", run: setTimers },
  suspended: { words: "an async function awaits a promise", run: suspendTasks },
};
