import { assertEquals } from "@std/assert";
import { ServerProcess, type Way, WAYS } from "../targets/edge/server_process.ts";

const answer = async (url: string, init?: RequestInit) => {
  const response = await fetch(url, init);
  return [response.status, await response.text()];
};

for (const way of WAYS.filter(({ coroutines }) => coroutines === "compiled") as Way[]) {
  Deno.test(`edge: Hono inside a scope on ${way.platform}`, async () => {
    await using server = await ServerProcess.serve("examples/edge_hono.ts", way);
    assertEquals(await answer(`${server.url}/sum/3/4`), [200, '{"sum":7}']);
    assertEquals(await answer(`${server.url}/slow`), [504, "Gateway Timeout"]);
    assertEquals(await answer(`${server.url}/nowhere`), [404, "404 Not Found"]);
    const init = { method: "POST", body: '{"text":"this"}' };
    assertEquals(await answer(`${server.url}/notes`, init), [202, "noted"]);
    await server.line("noted this");
  });

  Deno.test(`edge: a scope inside Hono on ${way.platform}`, async () => {
    await using server = await ServerProcess.serve("examples/edge_hono_middleware.ts", way);
    assertEquals(await answer(`${server.url}/plain`), [200, "no scope here"]);
    assertEquals(await answer(`${server.url}/scoped/task`), [200, '{"path":"/scoped/task"}']);
    assertEquals(await answer(`${server.url}/scoped/slow`), [504, "Gateway Timeout"]);
  });
}
