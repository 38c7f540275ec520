import { assertEquals, assertMatch } from "@std/assert";
import { CancelledError, createTask, currentTask, run, sleep, waitFor } from "awaitio";
import * as esbuild from "esbuild";

const ROOT = new URL("../../", import.meta.url);

async function execute(command: string, args: string[]) {
  const output = await new Deno.Command(command, { args, cwd: ROOT }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code: output.code, stdout: text(output.stdout), stderr: text(output.stderr) };
}

/** Bundles a program for Node, as a user would who has no Deno there. */
async function bundle(source: string): Promise<string> {
  const outfile = await Deno.makeTempFile({ suffix: ".mjs" });
  await esbuild.build({
    stdin: { contents: source, resolveDir: new URL(".", ROOT).pathname, loader: "ts" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    outfile,
    alias: { awaitio: new URL("targets/host/mod.ts", ROOT).pathname },
    logLevel: "silent",
  });
  await esbuild.stop();
  return outfile;
}

const PROGRAM = `
  import { createTask, gather, Queue, run, sleep, timeout, TimeoutError } from "awaitio";
  await run(async () => {
    const queue = new Queue();
    createTask(async () => { for (const n of [1, 2, 3]) { await sleep(2); await queue.put(n); } });
    console.log(await queue.get(), await queue.get(), await queue.get());
    console.log(await gather(() => sleep(4, "b"), () => sleep(2, "a")));
    try {
      await timeout(5, () => sleep(10_000));
    } catch (error) {
      console.log(error instanceof TimeoutError);
    }
    // Never awaited and cancelled at the end: that must not end the process.
    const forgotten = async () => { await sleep(10_000); };
    void forgotten();
    console.log("done");
  });
`;
const PRINTS = /^1 2 3\n\[ "?'?b"?'?, "?'?a"?'? \]\ntrue\ndone\n$/;

Deno.test("host: a program that is started with plain deno run just works", async () => {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, PROGRAM);
  const { code, stdout, stderr } = await execute(Deno.execPath(), [
    "run",
    "--quiet",
    "--config=deno.json",
    file,
  ]);
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertMatch(stdout, PRINTS);
  await Deno.remove(file);
});

Deno.test("host: a program that is started with plain node just works", async () => {
  const file = await bundle(PROGRAM);
  const { code, stdout, stderr } = await execute("node", [file]);
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertMatch(stdout, PRINTS);
  await Deno.remove(file);
});

Deno.test("host: the usage guide prints the same under node as under deno", async () => {
  const path = new URL("examples/usage_guide.ts", ROOT).pathname;
  const file = await bundle(`import main from ${JSON.stringify(path)};
    import { run } from "awaitio"; await run(main);`);
  const node = await execute("node", [file]);
  const deno = await execute(Deno.execPath(), ["run", "-A", "--quiet", "build.ts", "run", path]);
  assertEquals(node, deno);
  assertEquals(node.code, 0);
  await Deno.remove(file);
});

Deno.test("host: a rejection that is not a cancelled call still ends the process", async () => {
  const source = `
    import { run, sleep } from "awaitio";
    await run(async () => {
      void (async () => { throw new Error("nobody catches this"); })();
      await sleep(50);
      console.log("not reached");
    });`;
  const file = await bundle(source);
  for (const [command, args] of [["node", [file]], [Deno.execPath(), ["run", file]]] as const) {
    const { code, stdout, stderr } = await execute(command, [...args]);
    assertEquals({ code, stdout }, { code: 1, stdout: "" }, command);
    assertMatch(stderr, /nobody catches this/);
  }
  await Deno.remove(file);
});

Deno.test("host: fetch that was handed the task's signal ends with the task, and cleanup can await", async () => {
  const log: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    await new Promise((resolve) => request.signal.addEventListener("abort", resolve));
    return new Response("late");
  });
  await run(async () => {
    const task = createTask(async () => {
      try {
        await fetch(`http://127.0.0.1:${server.addr.port}`, { signal: currentTask()!.signal });
      } finally {
        await sleep(1);
        log.push("cleaned up");
      }
    });
    await sleep(60);
    task.cancel();
    try {
      await task;
    } catch (error) {
      log.push(`cancelled: ${error instanceof CancelledError}`);
    }
  });
  await server.shutdown();
  assertEquals(log, ["cleaned up", "cancelled: true"]);
});

Deno.test("host: a task that yields for ever does not starve the engine's own events", async () => {
  let ticks = 0;
  await run(async () => {
    const interval = setInterval(() => ticks++, 1);
    const spin = async () => {
      while (ticks < 3) await sleep(0);
    };
    await waitFor(spin, 10_000);
    clearInterval(interval);
  });
  assertEquals(ticks >= 3, true);
});
