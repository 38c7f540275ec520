/** Runs one stress program and tells what went wrong. */

import { allTasks, getRunningLoop, ps, sleep } from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";
import { Play } from "./stress_play_test.ts";
import type { Program } from "./stress_program_test.ts";
import { World } from "./stress_world_test.ts";

/** How often the loose ends of a program are pulled before it is called stuck. */
const ROUNDS = 80;
/** How many of these rounds let go gently, before every task is cancelled. */
const GENTLE = 4;

/**
 * Runs a program.
 *
 * @param lines Takes what happens, one line each, where somebody wants to read it.
 * @returns What was wrong.
 */
export async function trial(program: Program, lines: string[] | null = null): Promise<string[]> {
  const found: string[] = [];
  let world: World | null = null;
  const rejected = (event: PromiseRejectionEvent): void => {
    if (!event.defaultPrevented) found.push(`a rejection was not handled: ${event.reason}`);
    event.preventDefault();
  };
  addEventListener("unhandledrejection", rejected);
  try {
    await virtual(
      () => main(program, world = new World(getRunningLoop(), program.order !== 0, lines)),
      {
        seed: program.order,
      },
    );
  } catch (error) {
    found.push(String(error));
  } finally {
    removeEventListener("unhandledrejection", rejected);
  }
  return [...world!.violations, ...found];
}

async function main(program: Program, world: World): Promise<void> {
  const { loop } = world;
  loop.setExceptionHandler((_loop, context) => world.heard(context));
  loop.setIdleHook(() => world.idle());
  const play = new Play(world, program);
  program.scripts.forEach((script, i) => play.start(script, i));
  await sleep(program.length);
  await finish(world);
  loop.setIdleHook((deadline) => {
    loop.setIdleHook(null);
    if (deadline !== last) world.blame(`something is left that is due at ${deadline} ms`);
  });
  const last = loop.time() + 10_000;
  await sleep(10_000);
  world.checkEnd();
  const left = allTasks().length - 1;
  if (left > 0) world.blame(`${left} tasks are left at the end`);
}

/** Lets every task go to its end: opens everything, and cancels what still waits. */
async function finish(world: World): Promise<void> {
  world.note("the end", "opens everything");
  world.open = true;
  for (let round = 0; world.live().length > 0 || world.running > 0; round++) {
    if (round === ROUNDS) {
      const stuck = ps(world.loop).map(({ name, awaits }) => `${name} waits for ${awaits[0]}`);
      return world.blame(`the program is stuck: ${stuck.join(", ")}`);
    }
    for (const thing of world.things) thing.open(round);
    if (round >= GENTLE) { for (const record of world.live()) world.cancel(record, "the end"); }
    // A call that outlives its task cannot be cancelled any more.
    await sleep(world.live().length > 0 ? 3 : 500);
  }
}
