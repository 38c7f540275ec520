/** The fuzzer itself: it is quiet where nothing is wrong, and finds what is. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { describe, failures, leastOf } from "./check.ts";
import { size, textOf } from "./node.ts";

const seeds = (count: number) => Array.from({ length: count }, (_, i) => 1 + i);

Deno.test("fuzz: programs log the same natively twice", async () => {
  const found = await failures(seeds(1000), "native");
  assertEquals(found.map(({ program }) => program.seed), []);
});

Deno.test("fuzz: a swapped operator is found and cut down to a few nodes", async () => {
  const way = { swap: ["??=", "||="] } as const;
  const found = await failures(seeds(400), way);
  assert(found.length > 0, "Nothing was found");
  const least = await leastOf(found[0]!, way);
  assert(size(least.program.root) < 40, textOf(least.program.root));
  assertStringIncludes(describe(least), "AWAITIO_FUZZ_SEED=");
});
