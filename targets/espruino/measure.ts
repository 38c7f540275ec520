import { BlockLayout } from "../../compiler/espruino/block_layout.ts";
import { heldBlocks } from "../../compiler/espruino/memory.ts";
import type { Footprint, Held, MemoryReport } from "../../compiler/footprint.ts";
import type { BoardSpec } from "../../runtime/io/spec.ts";

/** What the interpreter itself holds when nothing runs: 45 to 51 blocks on its build for Linux. */
const INTERPRETER = 50;
/**
 * What a suspended call is taken to hold with what it waits for, its task and what it opened: the loop, the board and a
 * task that sleeps are 83 blocks, and the examples take between 43 and 176 for each of their coroutines.
 */
const SUSPENDED = 100;
/** What calls take besides while they run: on a micro:bit 1, blink waits with 409 blocks and needs about 485. */
export const RUNNING = 80;
/** A file in Storage has a header, and ends at a boundary. */
const HEADER = 32, BOUNDARY = 8;

/** Blocks of memory, estimated; see `MemoryReport`. */
export interface Blocks
  extends Pick<MemoryReport, "ramBlocks" | "flashBlocks" | "loadingBlocks" | "reserveBlocks"> {
  readonly held: readonly Held[];
}

/** Estimates what an artefact takes of an interpreter that cuts its memory so. */
export function estimateBlocks(
  code: string,
  coroutines: readonly number[],
  layout: BlockLayout,
): Blocks {
  const held = heldBlocks(code, layout);
  const reserveBlocks = INTERPRETER + SUSPENDED * coroutines.length + RUNNING;
  // The closure that is a coroutine has a copy of its code.
  const copies = coroutines.reduce((sum, bytes) => sum + layout.code(bytes), 0);
  const inRam = held.reduce((sum, { ramBlocks }) => sum + ramBlocks, 0);
  const inFlash = held.reduce((sum, { flashBlocks }) => sum + flashBlocks, 0);
  return {
    held,
    ramBlocks: inRam + reserveBlocks + copies,
    flashBlocks: inFlash + reserveBlocks,
    loadingBlocks: inRam + layout.text(code.length) + INTERPRETER,
    reserveBlocks,
  };
}

/** Estimates what an artefact takes of a board. */
export function measureFor(
  { memory: { jsVars, savedCodeKB } }: BoardSpec,
): (code: string, coroutines: readonly number[]) => Footprint {
  return (code, coroutines) => {
    const { held, ...blocks } = estimateBlocks(code, coroutines, BlockLayout.of(jsVars ?? 0));
    return {
      held,
      memory: {
        ...blocks,
        jsVars: jsVars ?? null,
        flashBytes: HEADER + Math.ceil((code.length + 1) / BOUNDARY) * BOUNDARY,
        flashAvailable: savedCodeKB === undefined ? null : savedCodeKB * 1024,
      },
    };
  };
}
