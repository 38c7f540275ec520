/**
 * The virtual clock of tests inside a request: as for artefacts on boards, but turns follow each other in microtasks,
 * since timers take a millisecond each.
 *
 * @module
 */

import { VirtualClock as PlainClock } from "../../compiler/espruino/conformance/virtual_clock.ts";
import { runInScope } from "../../runtime/platform.ts";

export { clockOf } from "../../compiler/espruino/conformance/virtual_clock.ts";

/** How many microtasks what a turn has resumed may need to come to its next await. */
const HOPS = 48;
/** How many turns follow each other before promises of the platform's go on. */
const TURNS = 64;

/** See {@linkcode PlainClock}. */
export class VirtualClock extends PlainClock {
  private turns = 0;

  protected override soon(step: () => void): void {
    // Whoever wakes the loop may be in a task; the loop itself is in none.
    runInScope(null, ++this.turns % TURNS === 0 ? later : drained, step);
  }
}

function later(step: () => void): void {
  setTimeout(step, 0);
}

function drained(step: () => void): void {
  let hops = 0;
  const hop = (): void => {
    if (++hops > HOPS) step();
    else Promise.resolve().then(hop);
  };
  hop();
}
