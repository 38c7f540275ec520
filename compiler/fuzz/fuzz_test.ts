/**
 * Ten thousand generated programs log the same natively and compiled.
 *
 * `AWAITIO_FUZZ` sets how many. `AWAITIO_FUZZ_SEED` replays one; with both, it is the seed of the first.
 */

import { check } from "./check.ts";

const SEED = Deno.env.get("AWAITIO_FUZZ_SEED");
const COUNT = Deno.env.get("AWAITIO_FUZZ");
const FIRST = Number(SEED ?? 1);
const PROGRAMS = Number(COUNT ?? (SEED === undefined ? 10_000 : 1));
/** Programs a test: the name of a failing one tells roughly which. */
const BATCH = 1000;

for (let first = FIRST; first < FIRST + PROGRAMS; first += BATCH) {
  const last = Math.min(first + BATCH, FIRST + PROGRAMS) - 1;
  Deno.test(`fuzz: programs log the same natively and compiled, seeds ${first} to ${last}`, async () => {
    const seeds = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    await check(seeds, "compiled");
  });
}
