import { assert, assertEquals } from "@std/assert";
import { buildProgram } from "../../compiler/build_program.ts";
import { endBundlerAtTheEnd } from "../../compiler/world_test.ts";
import { simulateArtefact } from "../simulator/espruino/artefact.ts";
import type { Simulation } from "../simulator/simulation.ts";
import { espruino } from "./target.ts";

endBundlerAtTheEnd();

/** Builds a program and plays its artefact. */
async function play(text: string): Promise<Simulation> {
  const folder = await Deno.makeTempDir();
  try {
    const program = `${folder}/program.ts`;
    await Deno.writeTextFile(program, text);
    const { code } = await buildProgram({
      program,
      target: espruino,
      board: "puckjs",
      coroutines: "compiled",
    });
    return await simulateArtefact(code, null, { board: "puckjs", capture: true, for: 5000 });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("what a program has started ends with it, and cleans up", async () => {
  const sim = await play(`
    import { type Board, createTask, type DigitalOutput, sleep } from "awaitio";
    async function glow(led: DigitalOutput) {
      led.on();
      try {
        await sleep(10_000);
      } finally {
        led.off();
      }
    }
    export default async function main(board: Board) {
      createTask(glow, board.output("LED1"));
      await sleep(100);
    }`);
  assertEquals(sim.outcome, "program");
  const [on, off] = sim.history("LED1");
  assertEquals([on?.level, off?.level], [1, 0]);
  assert(on!.time < 1 && off!.time >= 100 && off!.time < 101);
});

Deno.test("a program that fails is told on the console, with what was thrown", async () => {
  const sim = await play(`
    import { sleep } from "awaitio";
    export default async function main() {
      await sleep(10);
      throw new Error("out of coffee");
    }`);
  const [title, message] = sim.output;
  assert(title?.startsWith("program (awaitio "), title);
  assert(message?.startsWith("main failed Error: "), message);
  assert(message?.includes("out of coffee"), message);
});

Deno.test("a sleep wakes also after an await of a promise of the engine's", async () => {
  const sim = await play(`
    import { sleep } from "awaitio";
    export default async function main() {
      await new Promise<void>((resolve) => setTimeout(resolve, 50));
      console.log("settled");
      await sleep(50);
      console.log("slept");
    }`);
  assertEquals([sim.output.slice(1), sim.outcome], [["settled", "slept"], "program"]);
});

Deno.test("a name that the board does not have is refused by the interpreter", async () => {
  const sim = await play(`
    import type { Board } from "awaitio";
    export default function main(board: Board) {
      board.output("LED7");
    }`);
  assert(sim.output.some((line) => line.includes("Invalid pin")), sim.output.join());
});

Deno.test("a call that fails and that nobody awaits is told of, one that is cancelled at the end is not", async () => {
  const sim = await play(`
    import { sleep } from "awaitio";
    async function late(ms: number, error: Error | null) {
      await sleep(ms);
      if (error !== null) throw error;
    }
    export default async function main() {
      late(1, new Error("lost"));
      late(10_000, null);
      await sleep(100);
    }`);
  assertEquals(sim.output.length, 2, sim.output.join("\n"));
  assert(sim.output[1]?.includes("nobody awaited"), sim.output[1]);
  assert(sim.output[1]?.includes("lost"), sim.output[1]);
});

Deno.test("a timer that fires early is set again: no sleep is short", async () => {
  const sim = await play(`
    import { sleep } from "awaitio";
    declare const getTime: () => number;
    const set = setTimeout;
    const early = (fn: () => void, ms: number, on: unknown) => set(fn, ms / 2, on);
    globalThis.setTimeout = early as typeof setTimeout;
    export default async function main() {
      const began = getTime();
      for (const ms of [100, 0.3, 7.7]) await sleep(ms);
      console.log((getTime() - began) * 1000);
    }`);
  const took = Number(sim.output[1]);
  assert(took > 107.99 && took < 109, `${took}`);
});

Deno.test("a function that waits is one of several calls also where one place begins them all", async () => {
  const sim = await play(`
    import { type Board, createTask, sleep, type Task } from "awaitio";
    async function work(name: string, other: Task<void> | null) {
      if (other === null) await sleep(100);
      else await other;
      console.log(name);
    }
    export default function main(board: Board) {
      const first = createTask(work, "first", null);
      for (const name of ["second", "third"]) createTask(work, name, first);
      return first;
    }`);
  assertEquals(sim.output.slice(1), ["first", "second", "third"]);
});
