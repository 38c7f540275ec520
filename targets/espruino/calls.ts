import { Coroutine, run, type Step } from "../../runtime/coroutine.ts";
import { reachesTwice } from "../../runtime/reaches.ts";

/** What a compiled async function does when it is called: boards keep what lives across its awaits around the step. */
export function start(step: Step): Coroutine {
  const coroutine = new Coroutine(step);
  run(coroutine);
  return coroutine;
}

/** Whether the program may make more than one such call in all. */
export function mayCallTwice(): boolean {
  return reachesTwice(start);
}

export { start as start3, start as start8 };
