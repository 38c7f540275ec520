import { assertEquals } from "@std/assert";
import { buildInto, RawClient, ServerProcess, WAYS } from "./server_process.ts";

const REQUESTS = 10_000;
/** The heap is looked at after each of so many parts. */
const PARTS = 4;
const CLIENTS = 32;

/** A generator of numbers below 1, by Marsaglia: the same each time. */
function randoms(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

interface State {
  /** After a collection, in bytes. */
  readonly heapUsed: number;
  readonly counts: { readonly [outcome: string]: number };
  readonly begun: number;
  readonly waiting: number;
  readonly active: number;
}

/** One request, whole or cut off at a random point. */
async function once(port: number, random: () => number): Promise<"whole" | "cut"> {
  const path = ["/plain", "/stream", "/upload"][Math.floor(random() * 3)]!;
  const cut = random() < 0.25;
  const ms = Math.floor(random() * 6);
  const head = path === "/upload"
    ? `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\n`
    : `GET ${path}?ms=${cut ? 20 + ms : ms} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
  using client = await RawClient.connect(port, path === "/upload" ? `${head}ab` : head);
  if (cut) {
    await new Promise((resolve) => setTimeout(resolve, random() * 30));
    return "cut";
  }
  if (path === "/upload") await client.write("cd");
  const text = await client.read(() => false);
  if (!text.startsWith("HTTP/1.1 200")) throw new Error(`Another answer came: ${text}`);
  return "whole";
}

async function load(port: number, count: number, random: () => number): Promise<number> {
  let left = count;
  let whole = 0;
  await Promise.all(Array.from({ length: CLIENTS }, async () => {
    while (left-- > 0) if (await once(port, random) === "whole") whole++;
  }));
  return whole;
}

async function settled(url: string): Promise<State> {
  for (;;) {
    const state: State = await (await fetch(`${url}/state`)).json();
    if (state.active === 0) return state;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const DENO = WAYS.filter(({ platform }) => platform === "deno");

for (const way of DENO) {
  Deno.test(`edge: ${REQUESTS} requests, a quarter cut off, leave nothing, ${way.coroutines}`, async () => {
    const folder = await Deno.makeTempDir({ prefix: "awaitio-edge-" });
    const file = await buildInto(folder, "targets/edge/load_program.ts", way);
    await using server = await ServerProcess.deno(folder, file, {}, ["--v8-flags=--expose-gc"]);
    const random = randoms(4711);
    const warm = await load(server.port, REQUESTS / 5, random);
    const heaps = [(await settled(server.url)).heapUsed];
    let whole = 0;
    let after!: State;
    for (let part = 0; part < PARTS; part++) {
      whole += await load(server.port, REQUESTS / PARTS, random);
      after = await settled(server.url);
      heaps.push(after.heapUsed);
    }
    const { counts, begun, waiting } = after;
    const sum = Object.values(counts).reduce((a, b) => a + b, 0);
    assertEquals({ sum, waiting, failed: counts["failed"] ?? 0 }, {
      sum: begun,
      waiting: 0,
      failed: 0,
    });
    assertEquals(counts["sent"]! >= warm + whole, true, JSON.stringify(after));
    assertEquals(counts["cancelled"]! > REQUESTS / 20, true, JSON.stringify(after));
    // One object of 60 bytes that each request leaves would show in every part; what the engine keeps once, in one.
    const grown = Math.min(...heaps.slice(1).map((heap, i) => heap - heaps[i]!));
    assertEquals(grown < 60 * REQUESTS / PARTS, true, `${heaps.join(", ")} bytes`);
    assertEquals(server.lines.filter((line) => !line.startsWith("Listening")), []);
  });
}
