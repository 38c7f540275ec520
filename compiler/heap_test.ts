import { assert } from "@std/assert";
import type { LoopName, Steady } from "../bench/steady_loops.ts";
import { bundleFile, type Coroutines } from "./bundle.ts";
import { ROOT } from "./paths.ts";
import { endBundlerAtTheEnd, execute, Folder } from "./world_test.ts";

endBundlerAtTheEnd();

const MILLION = 1_000_000;
/** Native loops are slow, and nothing is asked of them. */
const NATIVE = 50_000;
/** What a million awaits may add to the heap: what V8 notes about hot code, in bytes. */
const NOISE = 64 * 1024;

/** Built once for all tests; a bundle of two megabytes would take each of them a second. */
const built = new Map<Coroutines, Promise<string>>();

/** Runs a loop of `bench/steady_loops.ts` in a process of its own. */
async function steady(loop: LoopName, coroutines: Coroutines, awaits: number): Promise<Steady> {
  const code = built.get(coroutines) ??
    bundleFile(`${ROOT}bench/steady_loops.ts`, { coroutines }).then(({ code }) => code);
  built.set(coroutines, code);
  await using folder = await Folder.with({ "steady.mjs": await code });
  // With threads beside it, V8 optimizes code and allocates for that at any time.
  const flags = "--v8-flags=--expose-gc,--single-threaded";
  const args = ["run", "-A", "--quiet", flags, folder.file("steady.mjs"), loop, `${awaits}`];
  const { code: exit, stdout, stderr } = await execute(Deno.execPath(), args);
  assert(exit === 0, stderr);
  return JSON.parse(stdout);
}

/** The same compiled; prints what an await allocates, and beside it what it does when the loop runs native. */
async function compared(loop: LoopName, awaits: number): Promise<Steady> {
  const compiled = await steady(loop, "compiled", awaits);
  const native = await steady(loop, "native", NATIVE);
  const [ours, theirs] = [compiled, native].map((each) => each.bytesPerAwait.toFixed(1));
  console.log(`${loop}: ${ours} bytes an await, native ${theirs}`);
  return compiled;
}

/** By how many bytes the heap grew over all awaits but the first tenth. */
function growth({ held }: Steady): number {
  return Math.max(...held.slice(1)) - held[0]!;
}

function assertConstant(found: Steady): void {
  assert(growth(found) < NOISE, `The heap grew by ${growth(found)} bytes: ${found.held}`);
}

function assertAllocates(found: Steady, atMost: number): void {
  const { bytesPerAwait } = found;
  assert(bytesPerAwait <= atMost, `${bytesPerAwait} bytes an await, more than ${atMost}`);
}

Deno.test("heap: a compiled blinker holds a constant heap over a million awaits, with one small object for each", async () => {
  const found = await compared("blink", MILLION);
  assertConstant(found);
  assertAllocates(found, 160);
});

Deno.test("heap: compiled button loops hold a constant heap over a million awaits", async () => {
  for (const loop of ["button", "edges"] as const) {
    const found = await compared(loop, MILLION);
    assertConstant(found);
    // The wait and the edge that it gives.
    assertAllocates(found, 240);
  }
});

Deno.test("heap: a compiled loop that waits with a time limit holds a constant heap", async () => {
  assertConstant(await compared("timeout", MILLION / 4));
});

Deno.test("heap: compiled code that awaits a call that has ended, or an event that is set, allocates nothing", async () => {
  for (const loop of ["settled", "event"] as const) {
    const found = await compared(loop, 4 * MILLION);
    assertConstant(found);
    assertAllocates(found, 1);
  }
});

Deno.test("heap: a loop that keeps its waits is found out", async () => {
  const found = await steady("leak", "compiled", MILLION / 4);
  assert(growth(found) > 50 * NOISE, `${found.held}`);
  assert(found.held[2]! - found.held[1]! > 50 * NOISE, `${found.held}`);
});
