import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { RawClient, ServerProcess, type Way, WAYS } from "./server_process.ts";

const GET = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;

/** A behaviour, told to a server that runs; `id` makes the requests of this run tell apart. */
type Case = (server: ServerProcess, way: Way) => Promise<void>;

const text = async (server: ServerProcess, path: string, init?: RequestInit) =>
  await (await fetch(server.url + path, init)).text();

const CASES: { readonly [name: string]: Case } = {
  async "a plain answer is sent"(server) {
    assertEquals(await text(server, "/plain"), "plain");
    await server.line("/plain sent 200");
  },
  async "calls run side by side on the request's own loop"(server) {
    assertEquals(await text(server, "/gather"), '["a","b"]');
    assertEquals(await text(server, "/task"), "[true,true,true]");
  },
  async "paths are matched by patterns, and the environment can be asked"(server, { platform }) {
    assertEquals(await text(server, "/params/7"), '{"id":"7"}');
    assertEquals(await text(server, "/env"), platform === "deno" ? '"known"' : "null");
  },
  async "the deadline answers 504 and cancels what runs"(server) {
    const response = await fetch(`${server.url}/wait?deadline`);
    assertEquals([response.status, await response.text()], [504, "Gateway Timeout"]);
    await server.line(
      "/wait?deadline cancelled: the request has passed its deadline of 700 ms",
    );
    await server.line("/wait?deadline cleaned up");
    await server.line("/wait?deadline timed out 504");
  },
  async "a handler that throws answers 500 without internals, and all is logged"(server) {
    const response = await fetch(`${server.url}/throw`);
    assertEquals([response.status, await response.text()], [500, "Internal Server Error"]);
    const id = response.headers.get("x-request-id");
    await server.line(new RegExp(`^Request ${id} \\(GET .*/throw\\): It failed`));
    await server.line(/Error: a secret/);
    await server.line('* task "bystander"');
    await server.line(/awaits sleep\(60000\)/);
    await server.line("/throw cleaned up");
    await server.line("/throw failed 500");
  },
  async "a task of the request that fails cancels the handler"(server) {
    assertEquals((await fetch(`${server.url}/child`)).status, 500);
    await server.line("/child cancelled: the request has failed");
    await server.line("/child failed 500");
  },
  async "the answer waits for the request's tasks"(server) {
    assertEquals(await text(server, "/children"), "after the child");
    assertEquals(server.lines.includes("/children the child has ended"), true);
  },
  async "a handler that gives no response has failed"(server) {
    assertEquals((await fetch(`${server.url}/nothing`)).status, 500);
    await server.line(/the handler has to return a Response/);
  },
  async "a body is streamed from a generator, and from a writer"(server) {
    assertEquals(await text(server, "/stream"), "0\n1\n2\n3\n4\n");
    await server.line("/stream cleaned up");
    await server.line("/stream sent 200");
    assertEquals(await text(server, "/writer"), "0\n1\n2\n");
    await server.line("/writer sent 200");
  },
  async "server-sent events are written as the standard says"(server) {
    const response = await fetch(`${server.url}/events`);
    assertEquals(response.headers.get("content-type"), "text/event-stream");
    assertEquals(response.headers.get("x-own"), "1");
    assertEquals(
      await response.text(),
      'data: one\n\nevent: two\nid: 2\nretry: 10\ndata: {"lines":"a\\nb"}\n\n' +
        "data: three\ndata: four\n\n",
    );
  },
  async "a body that fails is cut off, and does not look whole"(server) {
    let failed = false;
    try {
      await text(server, "/broken");
    } catch {
      failed = true;
    }
    assertEquals(failed, true);
    await server.line("/broken failed 200");
  },
  async "a stream stops when its reader leaves"(server) {
    const client = await RawClient.connect(server.port, GET("/endless"));
    await client.read((text) => text.includes("3\n"));
    client[Symbol.dispose]();
    await server.line("/endless cleaned up");
    await server.line("/endless cancelled 200");
  },
  async "events that do not come stop when its reader leaves"(server) {
    const client = await RawClient.connect(server.port, GET("/quiet"));
    await client.read((text) => text.includes("data: 0") && text.includes("\n:\n"));
    client[Symbol.dispose]();
    await server.line("/quiet cleaned up");
    await server.line("/quiet cancelled 200");
  },
  async "a body that nobody asks for does not keep the request open"(server) {
    await (await fetch(`${server.url}/stream?head`, { method: "HEAD" })).body?.cancel();
    await server.line(/^\/stream\?head (?:sent|cancelled) 200/);
    assertEquals(await text(server, "/unused"), "another");
    await server.line(/^\/unused (?:sent|cancelled) 200/);
  },
  async "a stream is asked for no more than its reader takes"(server) {
    const client = await RawClient.connect(server.port, GET("/flood"));
    await client.read((text) => text.length > 100_000);
    await new Promise((resolve) => setTimeout(resolve, 300));
    client[Symbol.dispose]();
    await server.line("/flood had sent little");
    await server.line("/flood cancelled 200");
  },
  async "a client that leaves before the headers"(server, { platform }) {
    const client = await RawClient.connect(server.port, GET("/wait?left"));
    await new Promise((resolve) => setTimeout(resolve, 100));
    client[Symbol.dispose]();
    // workerd on its own tells nothing until it has something to write: there the deadline ends it.
    const [reason, outcome] = platform === "deno"
      ? ["was left by its client", "cancelled 499"]
      : ["has passed its deadline of 700 ms", "timed out 504"];
    await server.line(`/wait?left cancelled: the request ${reason}`);
    await server.line("/wait?left cleaned up");
    await server.line(`/wait?left ${outcome}`);
  },
  async "a client that leaves while it uploads"(server) {
    for (const path of ["/upload", "/upload-stream"]) {
      const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n`;
      const client = await RawClient.connect(server.port, `${head}some of it`);
      await new Promise((resolve) => setTimeout(resolve, 100));
      client[Symbol.dispose]();
      await server.line(`${path} cleaned up`);
      await server.line(`${path} cancelled 499`);
    }
  },
  async "an upload that comes whole is read"(server) {
    const init = { method: "POST", body: "x".repeat(200_000) };
    assertEquals(await text(server, "/upload?whole", init), "200000");
    assertEquals(await text(server, "/upload-stream?whole", init), "200000");
    await server.line("/upload-stream?whole sent 200");
  },
  async "background work outlives the response"(server) {
    assertEquals(await text(server, "/background"), "at once");
    await server.line("/background sent 200");
    await server.line("/background the background work is done");
  },
  async "background work is cancelled when its budget is used up"(server) {
    assertEquals(await text(server, "/background-long"), "at once");
    await server.line(/Background task "long" has passed its budget of 400 ms/);
    await server.line("/background-long cleaned up");
  },
  async "background work that fails is logged with the request's id"(server) {
    assertEquals(await text(server, "/background-fails"), "at once");
    await server.line(/^Request \S+ .*Background task "failing" failed/);
    await server.line(/Error: in the background/);
    await server.line("/background-fails sent 200");
  },
  async "a socket echoes, and ends when the client closes"(server) {
    const socket = new WebSocket(`${server.url.replace("http", "ws")}/socket?closes`);
    socket.binaryType = "arraybuffer";
    const got: unknown[] = [];
    await new Promise((resolve) => socket.onopen = resolve);
    socket.send("one");
    socket.send(new Uint8Array([1, 2]));
    await new Promise<void>((resolve) =>
      socket.onmessage = ({ data }) => {
        got.push(typeof data === "string" ? data : [...new Uint8Array(data)]);
        if (got.length === 2) resolve();
      }
    );
    assertEquals(got, ["one", [1, 2]]);
    const closed = new Promise((resolve) => socket.onclose = resolve);
    socket.close();
    await closed;
    await server.line("/socket?closes the client has closed");
    await server.line("/socket?closes cleaned up");
    await server.line(/^\/socket\?closes sent/);
  },
  async "a socket is closed when its handler has ended"(server) {
    const socket = new WebSocket(`${server.url.replace("http", "ws")}/socket?leaves`);
    await new Promise((resolve) => socket.onopen = resolve);
    const closed = new Promise<CloseEvent>((resolve) => socket.onclose = resolve);
    socket.send("leave");
    assertEquals((await closed).code, 1000);
    await server.line(/^\/socket\?leaves sent/);
  },
  async "a socket whose client vanishes is cancelled"(server) {
    const key = btoa("0123456789abcdef");
    const client = await RawClient.connect(
      server.port,
      `GET /socket?vanishes HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    assertStringIncludes(await client.read((text) => text.includes("\r\n\r\n")), "101");
    client[Symbol.dispose]();
    await server.line("/socket?vanishes cleaned up");
    assertMatch(await server.line(/^\/socket\?vanishes (?:sent|cancelled|failed)/), /cancelled/);
  },
};

for (const way of WAYS) {
  const { platform, coroutines } = way;
  Deno.test(`edge on ${platform}, ${coroutines}`, async (t) => {
    await using server = await ServerProcess.serve("targets/edge/served_program.ts", way);
    for (const [name, behaves] of Object.entries(CASES)) {
      await t.step(name, () => behaves(server, way));
    }
    await t.step("nobody was told of anything else", () => {
      const odd = server.lines.filter((line) =>
        /closed with work pending|hung|Unhandled/.test(line)
      );
      assertEquals(odd, []);
    });
  });
}
