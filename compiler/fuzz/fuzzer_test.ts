/** The fuzzer itself: it is quiet where nothing is wrong, and finds what is. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { describe, Fuzzer } from "./check.ts";
import type { Subject } from "./generate.ts";
import { size, textOf } from "./node.ts";

const seeds = (count: number) => Array.from({ length: count }, (_, i) => 1 + i);

for (const subject of ["language", "runtime"] satisfies Subject[]) {
  Deno.test(`fuzz: programs about the ${subject} log the same natively twice`, async () => {
    await using fuzzer = await Fuzzer.start("native", subject);
    const found = await fuzzer.failures(seeds(500));
    assertEquals(found.map(({ program }) => program.seed), []);
  });

  Deno.test(`fuzz: a swapped operator in a program about the ${subject} is found and cut down to a few nodes`, async () => {
    await using fuzzer = await Fuzzer.start({ swap: ["??=", "||="] }, subject);
    const found = await fuzzer.failures(seeds(400));
    assert(found.length > 0, "Nothing was found");
    const least = await fuzzer.leastOf(found[0]!);
    assert(size(least.program.root) < 40, textOf(least.program.root));
    assertStringIncludes(describe(least), `AWAITIO_FUZZ_MODE=${subject} AWAITIO_FUZZ_SEED=`);
  });
}
