/**
 * One subject in a process of its own, so that no subject's doings (patched prototypes, hooks, a grown
 * heap) cost another. Reads a {@linkcode Request} a line, answers each with a {@linkcode Sample} a line,
 * and ends with its standard input.
 *
 * Runs on Deno and on Node, with the URL of the subject's module as argument and `--expose-gc`.
 *
 * @module
 */

import process from "node:process";
import { getHeapStatistics } from "node:v8";
import type { CaseName } from "./cases.ts";
import { linesOf } from "./lines.ts";
import type { Meter, Programs } from "./subject.ts";

/** What to run, and what to find out about it. */
export interface Request {
  readonly case: CaseName;
  readonly count: number;
  readonly meter: keyof typeof meters;
}

/** What one run of a program took. */
export interface Sample {
  /** Nanoseconds from start to stop; zero where only memory is measured. */
  readonly ns: number;
  /** Bytes allocated from start to stop, or held at the end of it; `null` where the engine does not tell. */
  readonly bytes: number | null;
}

/**
 * Time passed and bytes allocated. V8 counts what was ever allocated, so collections in between change
 * nothing; it counts by buffers of up to 256 KB, so that `bytes` is too large by up to that much.
 */
class SpendMeter implements Meter {
  ns = 0;
  bytes: number | null = null;
  private before: number | undefined;

  start() {
    this.before = allocated();
    this.ns = -performance.now() * 1e6;
  }

  stop() {
    this.ns += performance.now() * 1e6;
    if (this.before !== undefined) this.bytes = allocated()! - this.before;
  }
}

/** Bytes by which the heap grew: all that were allocated where a young generation has room for them. */
class GrowthMeter implements Meter {
  readonly ns = 0;
  bytes = 0;

  start() {
    collect();
    this.bytes = -heapUsed();
  }

  stop() {
    this.bytes += heapUsed();
  }
}

/** Bytes that are held at the end and were not at the start, once garbage is collected. */
class HeldMeter extends GrowthMeter {
  override stop() {
    collect();
    super.stop();
  }
}

const meters = { spent: SpendMeter, grown: GrowthMeter, held: HeldMeter };

/** All bytes that were ever allocated; older engines do not tell. */
function allocated(): number | undefined {
  // Newer than the type declarations.
  const statistics: unknown = getHeapStatistics();
  return (statistics as { total_allocated_bytes?: number }).total_allocated_bytes;
}

function heapUsed(): number {
  return process.memoryUsage().heapUsed;
}

/** Collects garbage: twice, since the first may only find out that something is garbage. */
function collect(): void {
  const { gc } = globalThis as { gc?: () => void };
  gc?.();
  gc?.();
}

const { programs } = await import(process.argv[2]!) as { programs: Programs };

async function answer(line: string): Promise<void> {
  const { case: name, count, meter: chosen } = JSON.parse(line) as Request;
  const meter = new meters[chosen]();
  const done = await programs[name].run(count, meter);
  if (done !== count) throw new Error(`Did ${done} of ${count} operations of "${name}"`);
  console.log(JSON.stringify({ ns: meter.ns, bytes: meter.bytes } satisfies Sample));
}

const words = Object.entries(programs).map(([name, { words }]) => [name, words]);
console.log(JSON.stringify(Object.fromEntries(words)));
// Not awaited, so that the end of the input is noticed whatever a program is at.
for await (const line of linesOf(process.stdin)) answer(line);
process.exit();
