import { assert } from "@std/assert";
import { functionSizes, kernelSize, sizeLines } from "../bench/sizes.ts";
import { endBundlerAtTheEnd } from "./world_test.ts";

endBundlerAtTheEnd();

/**
 * What sizes may be in bytes: what they are and 2 % more, so that growth is noticed. Who makes code smaller lowers
 * them, until they meet the limits in `bench/sizes.ts`.
 */
const CEILINGS = { slots: 392, closures: 354, kernel: 36_217 };

Deno.test("size: a compiled function and the kernel are not larger than they were (deno run -A bench/sizes.ts shows the sizes)", async () => {
  const each = await functionSizes();
  const kernel = await kernelSize();
  console.log(sizeLines(each, kernel).join("\n"));
  // A reference that grows or shrinks would say nothing about the compiler.
  assert(each.native >= 170 && each.native <= 210, `native: ${each.native} bytes`);
  const found = { ...each, kernel: kernel.bytes };
  for (const name of ["slots", "closures", "kernel"] as const) {
    const [bytes, ceiling] = [found[name], CEILINGS[name]];
    assert(bytes <= ceiling, `${name}: ${bytes} bytes, more than ${ceiling}`);
  }
});
