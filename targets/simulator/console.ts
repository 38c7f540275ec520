import { format } from "node:util";
import type { EventLoop } from "../../runtime/loop.ts";
import { runningLoop } from "../../runtime/platform.ts";

/** Whose output is captured, by the loop that it runs on. */
const captured: Map<EventLoop, { print(text: string): void }> = new Map();
const VERBS = ["log", "info", "debug", "warn", "error"] as const;
let giveBack: () => void = () => {};

/** Captures what runs on `loop` writes to the console, until the function that it gives is called. */
export function capture(loop: EventLoop, sim: { print(text: string): void }): () => void {
  if (captured.size === 0) giveBack = takeConsole();
  captured.set(loop, sim);
  return () => {
    captured.delete(loop);
    if (captured.size === 0) giveBack();
  };
}

/** Simulations may run beside each other, and beside what is none. */
function takeConsole(): () => void {
  const before = VERBS.map((verb) => console[verb]);
  for (const [i, verb] of VERBS.entries()) {
    console[verb] = (...values: unknown[]) => {
      const loop = runningLoop();
      const sim = loop === null ? undefined : captured.get(loop);
      if (sim === undefined) before[i]!(...values);
      else sim.print(format(...values));
    };
  }
  return () => {
    for (const [i, verb] of VERBS.entries()) console[verb] = before[i]!;
  };
}
