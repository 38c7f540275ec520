/**
 * awaitio: async functions inside tasks of the loop, the engine's own or compiled.
 *
 * @module
 */

import { createTask, Event, getRunningLoop, Queue, run, sleep } from "awaitio";
import { pendingDelay, pendingTimers, queueSize, timerDelay } from "./cases.ts";
import type { Meter, Program, Programs } from "./subject.ts";

/** A program run as the main task of a loop of its own. */
function program(
  words: string,
  body: (count: number, meter: Meter) => Promise<number>,
): Program {
  return { words, run: async (count, meter) => await run(body, count, meter) };
}

async function yieldTurns(count: number, meter: Meter): Promise<number> {
  let turns = 0;
  async function taker() {
    for (let i = 0; i < count / 2; i++) {
      await sleep(0);
      turns++;
    }
  }
  meter.start();
  const first = createTask(taker);
  const second = createTask(taker);
  await first;
  await second;
  meter.stop();
  return turns;
}

async function handEvents(count: number, meter: Meter): Promise<number> {
  let handed = 0;
  const ping = new Event();
  const pong = new Event();
  async function caller() {
    for (let i = 0; i < count / 2; i++) {
      ping.set();
      await pong.wait();
      pong.clear();
      handed++;
    }
  }
  async function answerer() {
    for (let i = 0; i < count / 2; i++) {
      await ping.wait();
      ping.clear();
      handed++;
      pong.set();
    }
  }
  meter.start();
  const first = createTask(caller);
  const second = createTask(answerer);
  await first;
  await second;
  meter.stop();
  return handed;
}

async function passItems(count: number, meter: Meter): Promise<number> {
  let taken = 0;
  const queue = new Queue<number>(queueSize);
  async function producer() {
    for (let i = 0; i < count / 2; i++) await queue.put(1);
  }
  async function consumer() {
    for (let i = 0; i < count; i++) taken += await queue.get();
  }
  meter.start();
  createTask(producer);
  createTask(producer);
  await createTask(consumer);
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
  for (let i = 0; i < count; i++) total += await createTask(body);
  meter.stop();
  return total;
}

// deno-lint-ignore require-await
async function setTimers(count: number, meter: Meter): Promise<number> {
  const ignore = () => {};
  const loop = getRunningLoop();
  const pending: { cancel(): void }[] = [];
  for (let i = 0; i < pendingTimers; i++) pending.push(loop.callLater(pendingDelay(i), ignore));
  meter.start();
  for (let i = 0; i < count; i++) loop.callLater(timerDelay, ignore).cancel();
  meter.stop();
  for (const timer of pending) timer.cancel();
  return count;
}

async function suspendTasks(count: number, meter: Meter): Promise<number> {
  let ended = 0;
  const event = new Event();
  async function waiter() {
    await event.wait();
    ended++;
  }
  meter.start();
  for (let i = 0; i < count; i++) createTask(waiter);
  await sleep(0);
  await sleep(0);
  meter.stop();
  event.set();
  while (ended < count) await sleep(0);
  return ended;
}

/** awaitio as a subject. */
export const programs: Programs = {
  yield: program("await sleep(0)", yieldTurns),
  event: program("two Events: set, wait, clear", handEvents),
  queue: program("new Queue(1): put, get", passItems),
  nested: program("async functions in a task, a call that has ended", callNested),
  task: program("await createTask(body)", runTasks),
  timer: program("loop.callLater(...).cancel()", setTimers),
  suspended: program("a task awaits an Event", suspendTasks),
};
