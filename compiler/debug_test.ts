import { assertEquals } from "@std/assert";
import { build, endBundlerAtTheEnd, Folder, runEverywhere, write } from "./world_test.ts";

endBundlerAtTheEnd();

/** What programs end with: a failure three awaits deep, and the stack that its error has. */
const CHAIN = `
const middle = async () => {
  return 1 + await inner();
};
class Rig {
  static async fail() {
    for (;;) await middle();
  }
}
export default async function main() {
  try {
    await Rig.fail();
  } catch (error) {
    console.log(error.stack);
  }
}
`;
/** The awaits of it. */
const AWAITS = ["async middle: await inner()", "async fail: await middle()"];

/** The lines of an error's stack that are the program's, the same on Deno and on Node. */
async function stackOf(source: string, debug = true): Promise<string[]> {
  await using folder = await Folder.with({ "program.ts": source });
  const result = await build(folder, "program.ts", { coroutines: "compiled", debug });
  const { stdout, stderr } = await runEverywhere(await write(folder, "program.ts", result));
  assertEquals(stderr, "");
  const [error = "", ...frames] = stdout.trimEnd().split("\n");
  const own = frames.filter((frame) => frame.includes("program.ts"));
  return [error, ...own.map((frame) => frame.replace(`file://${folder.path}/`, ""))];
}

/**
 * What a program that begins with \`source\` tells of the error that comes to \`main\`: the error, then what stands at
 * each place in its stack. Calls of \`main\` are left out.
 */
async function told(source: string, debug = true): Promise<string[]> {
  const program = source + CHAIN;
  const lines = program.split("\n");
  const [error, ...frames] = await stackOf(program, debug);
  const written = frames.filter((frame) => !/\bmain\b/.test(frame)).map((frame) => {
    const [, name = "", line, column] = /at (async \S+ )?.*program\.ts:(\d+):(\d+)\)?$/.exec(
      frame,
    )!;
    const text = lines[Number(line) - 1]!.slice(Number(column) - 1).replace(/;.*/, "");
    return name === "" ? text : `${name.trim()}: ${text}`;
  });
  return [error!, ...written];
}

Deno.test("debug: a stack has the line of the throw, and the awaits that led there, as an engine writes them", async () => {
  const program = `import { sleep } from "awaitio";
async function inner(): Promise<void> {
  await sleep(1);
  throw new RangeError("out of range");
}
${CHAIN.trimStart()}`;
  assertEquals(await stackOf(program), [
    "RangeError: out of range",
    "    at Coroutine.inner$ [as step] (program.ts:4:9)",
    "    at async middle (program.ts:7:14)",
    "    at async fail (program.ts:11:14)",
    "    at async main (program.ts:16:5)",
  ]);
});

Deno.test("debug: without it a stack has the line of the throw and no awaits", async () => {
  const source = `
    import { sleep } from "awaitio";
    function check(): never { throw new RangeError("out of range"); }
    async function inner() { await sleep(1); check(); }`;
  const stack = ["RangeError: out of range", 'new RangeError("out of range")', "check()"];
  assertEquals(await told(source, false), stack);
  assertEquals(await told(source, true), [...stack, ...AWAITS]);
});

Deno.test("debug: an error thrown before the first await of a call has the awaits above that call", async () => {
  const stack = await told(`
    import { sleep } from "awaitio";
    async function read(): Promise<void> { throw new Error("no answer"); }
    async function inner() { await sleep(1); await read(); }`);
  assertEquals(stack.slice(0, 2), ["Error: no answer", 'new Error("no answer")']);
  assertEquals(stack.slice(-3), ["async inner: await read()", ...AWAITS]);
});

Deno.test("debug: the error of a wait that is cancelled has the awaits that led to the wait", async () => {
  const source = `
    import { createTask, Event, sleep } from "awaitio";
    async function wait() { await new Event().wait(); }
    async function inner() {
      const task = createTask(wait);
      await sleep(1);
      task.cancel();
      await task;
    }`;
  const stack = ["async wait: await new Event().wait()", "async inner: await task", ...AWAITS];
  assertEquals(await told(source), ["CancelledError", "cancel()", ...stack]);
});

Deno.test("debug: the error of a time limit has the awaits that led to it", async () => {
  const source = `
    import { sleep, timeout, waitFor } from "awaitio";
    async function slowly() { await sleep(1000); }
    async function inner() { await LIMITED; }`;
  for (const limited of ["waitFor(slowly, 5)", "timeout(5, slowly)"]) {
    const [error, ...stack] = await told(source.replace("LIMITED", limited));
    assertEquals(error?.startsWith("TimeoutError: "), true, error);
    assertEquals(stack, [`async inner: await ${limited}`, ...AWAITS]);
  }
});

Deno.test("debug: the awaits lead through Promise.all, tasks, async generators and for await", async () => {
  const fails = (source: string) => `
    import { createTask, sleep } from "awaitio";
    async function* read() { await sleep(1); throw new Error("no answer"); yield 1; }
    async function each() { for await (const _ of read()); }
    ${source}`;
  const stack = [
    "Error: no answer",
    'new Error("no answer")',
    "async each: for await (const _ of read())",
  ];
  for (const awaited of ["each()", "createTask(each)", "Promise.all([sleep(9), each()])"]) {
    const source = fails(`async function inner() { await ${awaited}; }`);
    const expected = [...stack, `async inner: await ${awaited}`, ...AWAITS];
    assertEquals(await told(source), expected, awaited);
  }
});

Deno.test("debug: the names are those of the program, also where the bundler has given others", async () => {
  const source = `
    import { sleep } from "awaitio";
    async function run() { await sleep(1); throw new Error("mine"); }
    async function inner() { await sleep(1); await run(); }`;
  const stack = ["async inner: await run()", ...AWAITS];
  assertEquals(await told(source), ["Error: mine", 'new Error("mine")', ...stack]);
});

Deno.test("debug: an error that is thrown at many gets no endless stack", async () => {
  const stack = await told(`
    import { createTask } from "awaitio";
    async function fail() { throw new Error("no answer"); }
    let task: PromiseLike<void>;
    async function again() { await task; }
    async function inner() {
      task = createTask(fail);
      for (let i = 0; i < 1000; i++) {
        try { await again(); } catch {}
      }
      await again();
    }`);
  assertEquals(stack.filter((frame) => frame.startsWith("async ")).length, 50);
});
