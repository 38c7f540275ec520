/**
 * Ten thousand generated programs log the same natively and compiled: 8,000 about the language, 2,000 that use the
 * runtime.
 *
 * `AWAITIO_FUZZ_MODE` is `language` or `runtime`, `AWAITIO_FUZZ` how many programs, `AWAITIO_FUZZ_SEED` the seed of the
 * first; a seed without a number is that one program alone.
 */

import { Fuzzer } from "./check.ts";
import type { Subject } from "./generate.ts";

const SUBJECT = Deno.env.get("AWAITIO_FUZZ_MODE");
const SEED = Deno.env.get("AWAITIO_FUZZ_SEED");
const COUNT = Deno.env.get("AWAITIO_FUZZ");
const PROGRAMS: Readonly<Record<Subject, number>> = { language: 8000, runtime: 2000 };
/** Programs a step: the name of a failing one tells roughly which. */
const STEP = 1000;

for (const [subject, programs] of Object.entries(PROGRAMS) as [Subject, number][]) {
  if (subject !== (SUBJECT ?? subject)) continue;
  const first = Number(SEED ?? 1);
  const end = first + Number(COUNT ?? (SEED === undefined ? programs : 1));
  Deno.test(`fuzz: programs about the ${subject} log the same natively and compiled`, async (test) => {
    await using fuzzer = await Fuzzer.start("compiled", subject);
    for (let from = first; from < end; from += STEP) {
      const to = Math.min(from + STEP, end) - 1;
      await test.step(`seeds ${from} to ${to}`, async () => {
        await fuzzer.check(Array.from({ length: to - from + 1 }, (_, i) => from + i));
      });
    }
  });
}
