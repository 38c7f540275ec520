import type { Fill } from "./lowering.ts";
import type { Lowered } from "./tree.ts";

/** Supplies what the library of the interpreter lacks, where the program uses it. */
export function lowerFills(_lowered: Lowered): Fill[] {
  return [];
}
