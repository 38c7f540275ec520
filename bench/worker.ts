/**
 * One subject in a process of its own, so that no subject's doings (patched prototypes, hooks, a grown
 * heap) cost another. Reads a request a line, `{"case","count"}`, answers each with a {@linkcode Sample}
 * a line, and ends with its standard input.
 *
 * Run with the subject's name as argument and `--v8-flags=--expose-gc`.
 *
 * @module
 */

import { getHeapStatistics } from "node:v8";
import { cases } from "./cases.ts";
import { linesOf } from "./lines.ts";
import { type Meter, subjects } from "./subject.ts";

/** What one run of a program took. */
export interface Sample {
  /** Nanoseconds from start to stop; zero where memory held is measured. */
  readonly ns: number;
  /** Bytes allocated from start to stop, or held at the end of it. */
  readonly bytes: number;
}

/**
 * Time passed and bytes allocated. V8 counts what was ever allocated, so collections in between change
 * nothing; it counts by buffers of up to 256 KB, so that `bytes` is too large by up to that much.
 */
class SpendMeter implements Meter {
  ns = 0;
  bytes = 0;

  start() {
    this.bytes = -allocated();
    this.ns = -performance.now() * 1e6;
  }

  stop() {
    this.ns += performance.now() * 1e6;
    this.bytes += allocated();
  }
}

/** Bytes that are held at the end and were not at the start, once garbage is collected. */
class HeldMeter implements Meter {
  readonly ns = 0;
  bytes = 0;

  start() {
    this.bytes = -held();
  }

  stop() {
    this.bytes += held();
  }
}

function allocated(): number {
  // Newer than the type declarations.
  const statistics: unknown = getHeapStatistics();
  return (statistics as { total_allocated_bytes: number }).total_allocated_bytes;
}

function held(): number {
  const { gc } = globalThis as { gc?: () => void };
  // Twice, since the first may only find out that something is garbage.
  gc?.();
  gc?.();
  return Deno.memoryUsage().heapUsed;
}

if (import.meta.main) {
  const subject = await subjects[Deno.args[0] ?? ""]!();
  const words = Object.entries(subject.programs).map(([name, { words }]) => [name, words]);
  console.log(JSON.stringify(Object.fromEntries(words)));

  const answer = async (line: string) => {
    const request = JSON.parse(line) as { case: string; count: number };
    const described = cases.find((each) => each.name === request.case)!;
    const meter = described.unit === "ns" ? new SpendMeter() : new HeldMeter();
    const done = await subject.programs[described.name].run(request.count, meter);
    if (done !== request.count) {
      throw new Error(`Did ${done} of ${request.count} operations of "${request.case}"`);
    }
    console.log(JSON.stringify({ ns: meter.ns, bytes: meter.bytes } satisfies Sample));
  };
  // Not awaited, so that the end of the input is noticed whatever a program is at.
  for await (const line of linesOf(Deno.stdin.readable)) answer(line);
  Deno.exit();
}
