/**
 * `deno task bench:edge`: requests a second, latency, cold start and bytes of an edge function, beside a bare handler and
 * Hono, on the real `deno serve`, in one run. With Debian's `wrk` where it is installed, else with a client of its own,
 * which is slower than what it measures: only compare within a run.
 *
 * @module
 */

import { join } from "node:path";
import { artefactFiles, writeArtefact } from "../compiler/artefact.ts";
import { buildProgram } from "../compiler/build_program.ts";
import { bundleFile, type Coroutines, stopBundler } from "../compiler/bundle.ts";
import { ROOT } from "../compiler/paths.ts";
import { edge } from "../targets/edge/target.ts";

const CONNECTIONS = 32;

interface Subject {
  readonly name: string;
  readonly program: string;
  readonly path: string;
  readonly coroutines: Coroutines | null;
}

const SUBJECTS: readonly Subject[] = [
  { name: "bare handler", program: "bare", path: "/", coroutines: null },
  { name: "awaitio, compiled", program: "awaitio", path: "/", coroutines: "compiled" },
  { name: "awaitio, compiled, async", program: "awaitio_async", path: "/", coroutines: "compiled" },
  { name: "awaitio, native", program: "awaitio", path: "/", coroutines: "native" },
  { name: "Hono", program: "hono", path: "/", coroutines: null },
  { name: "awaitio, a route", program: "awaitio_route", path: "/users/7", coroutines: "compiled" },
  { name: "Hono, a route", program: "hono", path: "/users/7", coroutines: null },
];

/** What was measured of a subject. */
interface Figures {
  readonly requests: number;
  /** In milliseconds. */
  readonly median: number;
  readonly p99: number;
}

/** Builds what is served, each alike, and gives the file and its size. */
async function build(subject: Subject, folder: string): Promise<{ file: string; bytes: number }> {
  const program = join(ROOT, "bench", "edge", `${subject.program}.ts`);
  const files = artefactFiles(program, folder);
  const { coroutines } = subject;
  if (coroutines === null) {
    const { code } = await bundleFile(program, { coroutines: "native", minify: true });
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(files.code, code);
    await Deno.writeTextFile(join(folder, "deno.json"), '{"unstable":["no-legacy-abort"]}');
  } else {
    const target = edge.forPlatform!("deno", coroutines);
    await writeArtefact(files, await buildProgram({ program, target, coroutines }));
  }
  return { file: files.code, bytes: (await Deno.stat(files.code)).size };
}

/** Serves a file while `body` runs, and gives how long it took until it answered, in milliseconds. */
async function served(file: string, path: string, body: (url: string) => Promise<void>) {
  const port = freePort();
  const began = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["serve", "-A", "--host", "127.0.0.1", "--port", `${port}`, file],
    cwd: join(file, ".."),
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const url = `http://127.0.0.1:${port}${path}`;
  try {
    const cold = await firstAnswer(url, began);
    await body(url);
    return cold;
  } finally {
    child.kill("SIGKILL");
    await child.status;
  }
}

async function firstAnswer(url: string, began: number): Promise<number> {
  for (;;) {
    try {
      const response = await fetch(url);
      await response.body?.cancel();
      return performance.now() - began;
    } catch {
      if (performance.now() - began > 20_000) throw new Error(`Cannot measure ${url}: no answer`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}

/** Debian's wrk, one thread. */
async function withWrk(url: string, seconds: number): Promise<Figures> {
  const { stdout } = await new Deno.Command("wrk", {
    args: ["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, "--latency", url],
  }).output();
  const text = new TextDecoder().decode(stdout);
  const [, bad] = /Non-2xx or 3xx responses: (\d+)/.exec(text) ?? [];
  if (bad !== undefined) throw new Error(`Cannot measure ${url}: ${bad} answers were no 200`);
  return {
    requests: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)![1]),
    median: duration(/^\s+50%\s+(\S+)/m.exec(text)![1]!),
    p99: duration(/^\s+99%\s+(\S+)/m.exec(text)![1]!),
  };
}

function duration(text: string): number {
  const [, number, unit] = /^([\d.]+)(us|ms|s)$/.exec(text)!;
  return Number(number) * { us: 0.001, ms: 1, s: 1000 }[unit as "us" | "ms" | "s"];
}

/** A client here: connections that ask again as soon as they are answered. */
async function withDeno(url: string, seconds: number): Promise<Figures> {
  const { hostname, port, pathname } = new URL(url);
  const request = new TextEncoder().encode(`GET ${pathname} HTTP/1.1\r\nHost: x\r\n\r\n`);
  const until = performance.now() + seconds * 1000;
  const times: number[] = [];
  await Promise.all(Array.from({ length: CONNECTIONS }, async () => {
    using connection = await Deno.connect({ hostname, port: Number(port) });
    const buffer = new Uint8Array(4096);
    while (performance.now() < until) {
      const began = performance.now();
      await connection.write(request);
      if (await connection.read(buffer) === null) throw new Error(`Cannot measure ${url}: closed`);
      times.push(performance.now() - began);
    }
  }));
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.floor(times.length * share)]!;
  return { requests: times.length / seconds, median: at(0.5), p99: at(0.99) };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function hasWrk(): Promise<boolean> {
  try {
    await new Deno.Command("wrk", { args: ["-v"], stdout: "null", stderr: "null" }).output();
    return true;
  } catch {
    return false;
  }
}

/** Measures every subject `rounds` times in turn, and keeps each one's best. */
async function main(rounds: number, seconds: number): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "awaitio-bench-" });
  const wrk = await hasWrk();
  const measure = wrk ? withWrk : withDeno;
  try {
    const built = [];
    for (const subject of SUBJECTS) {
      const name = subject.name.replace(/\W+/g, "_");
      built.push({ subject, ...await build(subject, join(folder, name)) });
    }
    await stopBundler();
    const best = new Map<Subject, Figures & { readonly cold: number }>();
    for (let round = 0; round < rounds; round++) {
      for (const { subject, file } of built) {
        let figures: Figures | undefined;
        const cold = await served(file, subject.path, async (url) => {
          await measure(url, 1);
          figures = await measure(url, seconds);
        });
        const before = best.get(subject);
        const better = before === undefined || figures!.requests > before.requests;
        best.set(subject, {
          ...(better ? figures! : before),
          cold: Math.min(cold, before?.cold ?? Infinity),
        });
      }
    }
    const bare = best.get(SUBJECTS[0]!)!;
    console.log(
      `${wrk ? "wrk" : "a client in Deno"}, ${CONNECTIONS} connections, best of ${rounds}\n` +
        "                          requests/s  of bare  median ms  p99 ms  cold start ms   bytes",
    );
    for (const { subject, bytes } of built) {
      const { requests, median, p99, cold } = best.get(subject)!;
      console.log(
        subject.name.padEnd(26) + requests.toFixed(0).padStart(10) +
          `${(requests / bare.requests * 100).toFixed(0)} %`.padStart(9) +
          median.toFixed(2).padStart(11) + p99.toFixed(2).padStart(8) +
          cold.toFixed(0).padStart(15) + String(bytes).padStart(8),
      );
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const [rounds = "3", seconds = "3"] = Deno.args;
  await main(Number(rounds), Number(seconds));
}
