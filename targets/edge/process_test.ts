import { assertEquals } from "@std/assert";
import { ROOT } from "../../compiler/paths.ts";
import { buildInto, RawClient, ServerProcess } from "./server_process.ts";

/** Serves a program that is written here, compiled. */
async function serveText(source: string, build = false): Promise<ServerProcess> {
  const folder = await Deno.makeTempDir({ prefix: "awaitio-edge-" });
  await Deno.writeTextFile(`${folder}/program.ts`, source);
  if (build) {
    const out = `${folder}/out`;
    await buildInto(out, `${folder}/program.ts`, { platform: "deno", coroutines: "compiled" });
    return await ServerProcess.deno(out, "program.js");
  }
  return await ServerProcess.deno(folder, `${folder}/program.ts`, {}, [
    `--config=${ROOT}deno.json`,
    "--unstable-no-legacy-abort",
  ]);
}

const SLOW = (grace: number, cleanup: number) => `
  import { serve, sleep, every } from "awaitio/edge";
  every(50, () => {});
  export default serve(async (_request, scope) => {
    console.log("begun");
    if (scope.url.pathname === "/background") {
      scope.background(async () => {
        await sleep(300);
        console.log("background done");
      });
      return new Response("at once");
    }
    try {
      await sleep(scope.url.pathname === "/short" ? 300 : 60_000);
      return new Response("whole");
    } finally {
      await sleep(${cleanup});
      console.log("cleaned up");
    }
  }, { grace: ${grace}, onOutcome: ({ outcome, status }) => console.log(outcome, status) });`;

const GET = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`edge: on ${signal} a request is finished within the grace, and the exit code is 0`, async () => {
    await using server = await serveText(SLOW(10_000, 0));
    using client = await RawClient.connect(server.port, GET("/short"));
    await server.line("begun");
    server.child.kill(signal);
    const answer = await client.read((text) => text.includes("whole"));
    assertEquals(answer.includes("200 OK"), true);
    assertEquals((await server.child.status).code, 0);
    await server.line("sent 200");
  });
}

Deno.test("edge: what takes longer than the grace is cancelled, and the exit code is 42", async () => {
  await using server = await serveText(SLOW(200, 5), true);
  using _client = await RawClient.connect(server.port, GET("/long"));
  await server.line("begun");
  server.child.kill("SIGTERM");
  assertEquals((await server.child.status).code, 42);
  await server.line("cleaned up");
  await server.line("cancelled 503");
});

Deno.test("edge: a cleanup that does not end is not waited for", async () => {
  await using server = await serveText(SLOW(100, 60_000));
  using _client = await RawClient.connect(server.port, GET("/long"));
  await server.line("begun");
  server.child.kill("SIGTERM");
  assertEquals((await server.child.status).code, 42);
  assertEquals(server.lines.includes("cleaned up"), false);
});

Deno.test("edge: background work is finished within the grace", async () => {
  await using server = await serveText(SLOW(10_000, 0));
  assertEquals(await (await fetch(`${server.url}/background`)).text(), "at once");
  server.child.kill("SIGTERM");
  assertEquals((await server.child.status).code, 0);
  await server.line("background done");
});

Deno.test("edge: what fails after the response is logged with an address that nobody asked for", async () => {
  await using server = await serveText(`
    import { serve, sleep } from "awaitio/edge";
    export default serve((_request, scope) => {
      scope.background({ name: "late" }, async () => {
        await sleep(50);
        throw new Error("after all");
      });
      return new Response("at once");
    });`);
  assertEquals(await (await fetch(`${server.url}/unread`)).text(), "at once");
  await server.line(/GET .*\/unread\): Background task "late" failed/);
});

Deno.test("edge: a second signal ends it at once with 130", async () => {
  await using server = await serveText(SLOW(60_000, 0));
  using _client = await RawClient.connect(server.port, GET("/long"));
  await server.line("begun");
  server.child.kill("SIGINT");
  // The two must not become one.
  await new Promise((resolve) => setTimeout(resolve, 200));
  server.child.kill("SIGINT");
  assertEquals((await server.child.status).code, 130);
});

Deno.test("edge: an interval ticks, leaves out what overlaps, and survives errors", async () => {
  await using server = await serveText(`
    import { currentTask, every, serve, sleep } from "awaitio/edge";
    const quick = every(20, async () => {
      await sleep(1);
      if (currentTask() === null) console.log("no task");
      throw new Error("each time");
    });
    const slow = every(20, () => sleep(110));
    export default serve(() => Response.json([quick.runs, slow.runs, slow.skipped]));`);
  await server.line(/What was scheduled .* failed/);
  for (;;) {
    const [quick, slow, skipped] = await (await fetch(server.url)).json();
    if (quick > 12) {
      assertEquals(slow < quick && skipped > slow, true, `${quick} ${slow} ${skipped}`);
      break;
    }
  }
  assertEquals(server.lines.includes("no task"), false);
});
