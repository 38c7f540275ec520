/**
 * The programs that `espruino.ts` measures besides the examples; each prints its numbers behind `TOLD`.
 *
 * @module
 */

/** Awaits a timing takes. */
export const TIMES = 3000;

/** How long so many awaits of a timer take, in milliseconds. */
export const timing = `
import { sleep } from "awaitio";
export default async function main() {
  const began = Date.now();
  for (let i = 0; i < ${TIMES}; i++) await sleep(0.001);
  console.log("TOLD " + (Date.now() - began));
}
`;

/** The same for timers alone; a script of the interpreter. */
export const TIMERS = `
var left = ${TIMES}, began = Date.now();
function next() {
  if (left-- > 0) setTimeout(next, 0.001); else print("TOLD " + (Date.now() - began));
}
next();
`;

const USAGE = "declare const process: { memory(): { usage: number } };";

/** A blinker's blocks at five points of 10,000 awaits; large numbers would take blocks of their own. */
export const FLAT = `
import { sleep } from "awaitio";
${USAGE}
export default async function main() {
  let level = 0;
  const usage = [0, 0, 0, 0, 0];
  for (let point = 0; point < 5; point++) {
    for (let i = 0; i < 2000; i++) {
      level = 1 - level;
      await sleep(0.001);
    }
    usage[point] = process.memory().usage;
  }
  console.log("TOLD " + usage.join(","));
}
`;

/** What 20 calls that wait take, each: for one future that they share, for a time, and as tasks. */
export const CALLS = `
import { createTask, Future, sleep } from "awaitio";
${USAGE}
async function waitFor(future: Future<void>) { await future; }
async function rest() { await sleep(60000); }
async function each(make: () => unknown, kept: unknown[]): Promise<number> {
  kept.push(make(), make());
  await sleep(1);
  const before = process.memory().usage;
  for (let i = 0; i < 20; i++) kept.push(make());
  await sleep(1);
  // Each is an element of the list besides.
  return (process.memory().usage - before) / 20 - 1;
}
export default async function main() {
  const future = new Future<void>();
  const kept: unknown[] = [];
  const call = await each(() => waitFor(future), kept);
  const sleeping = await each(rest, kept);
  const task = await each(() => createTask(rest), kept);
  console.log("TOLD " + [call, sleeping, task].join(","));
}
`;
