/** Servers for tests: the real `deno serve` and the real workerd, on a port of their own. */

import { resolve } from "node:path";
import workerd from "workerd";
import { stopBundler } from "../../compiler/bundle.ts";
import { artefactFiles, writeArtefact } from "../../compiler/artefact.ts";
import { buildProgram } from "../../compiler/build_program.ts";
import { ROOT } from "../../compiler/paths.ts";
import { edge } from "./target.ts";

/** How long a test waits for what it expects, in milliseconds. */
const PATIENCE = 20_000;

/** How to serve a program: on which platform, and how its coroutines run. */
export interface Way {
  readonly platform: "deno" | "workers";
  readonly coroutines: "native" | "compiled";
}

/** All of them. */
export const WAYS: readonly Way[] = [
  { platform: "deno", coroutines: "native" },
  { platform: "deno", coroutines: "compiled" },
  { platform: "workers", coroutines: "native" },
  { platform: "workers", coroutines: "compiled" },
];

/** A server that runs. */
export class ServerProcess implements AsyncDisposable {
  readonly lines: string[] = [];
  readonly url: string;
  private heard: (() => void)[] = [];

  private constructor(
    readonly child: Deno.ChildProcess,
    readonly port: number,
    private readonly folder: string | null,
  ) {
    this.url = `http://127.0.0.1:${port}`;
    void this.listen(child.stdout);
    void this.listen(child.stderr);
  }

  /** Builds a program for a way, and serves the artefact in its folder. */
  static async serve(program: string, way: Way, env = {}): Promise<ServerProcess> {
    const folder = await Deno.makeTempDir({ prefix: "awaitio-edge-" });
    const file = await buildInto(folder, program, way);
    return way.platform === "deno"
      ? await ServerProcess.deno(folder, file, env)
      : await ServerProcess.workerd(folder);
  }

  /** Serves a built folder, or a program as it is, with Deno. */
  static async deno(
    folder: string,
    file: string,
    env = {},
    flags: readonly string[] = [],
  ): Promise<ServerProcess> {
    const port = freePort();
    const child = new Deno.Command(Deno.execPath(), {
      args: ["serve", "-A", "--host", "127.0.0.1", "--port", `${port}`, ...flags, file],
      cwd: folder,
      env: { EDGE_TEST: "known", NO_COLOR: "1", ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    return await new ServerProcess(child, port, folder).ready();
  }

  /** Serves a built folder with workerd. */
  static async workerd(folder: string): Promise<ServerProcess> {
    const port = freePort();
    const child = new Deno.Command(workerdPath(), {
      args: ["serve", "--verbose", "--socket-addr", `http=127.0.0.1:${port}`, "workerd.capnp"],
      cwd: folder,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    return await new ServerProcess(child, port, folder).ready();
  }

  /** Waits until it has printed such a line. */
  async line(test: string | RegExp): Promise<string> {
    const fits = (line: string) => typeof test === "string" ? line === test : test.test(line);
    const until = performance.now() + PATIENCE;
    for (;;) {
      const found = this.lines.find(fits);
      if (found !== undefined) return found;
      if (performance.now() > until) {
        throw new Error(`No line ${test} came; there are:\n${this.lines.join("\n")}`);
      }
      await this.heardMore();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.child.kill("SIGKILL");
    } catch {
      // it has ended
    }
    await this.child.status;
    if (this.folder !== null) await Deno.remove(this.folder, { recursive: true }).catch(() => {});
  }

  private async heardMore(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      this.heard.push(resolve);
      timer = setTimeout(resolve, 500);
    });
    clearTimeout(timer);
  }

  private async listen(stream: ReadableStream<Uint8Array>): Promise<void> {
    let rest = "";
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      this.lines.push(...lines);
      for (const heard of this.heard.splice(0)) heard();
    }
  }

  private async ready(): Promise<this> {
    const until = performance.now() + PATIENCE;
    for (;;) {
      try {
        (await Deno.connect({ hostname: "127.0.0.1", port: this.port })).close();
        return this;
      } catch {
        if (performance.now() > until) {
          throw new Error(`Nothing listens:\n${this.lines.join("\n")}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }
}

/** Builds a program into a folder, and gives the artefact's name. */
export async function buildInto(folder: string, program: string, way: Way): Promise<string> {
  const { platform, coroutines } = way;
  try {
    const target = edge.forPlatform!(platform, coroutines);
    const path = resolve(ROOT, program);
    const files = artefactFiles(path, folder);
    await writeArtefact(files, await buildProgram({ program: path, target, coroutines }));
    return files.code;
  } finally {
    await stopBundler();
  }
}

/** Where the package has its program. */
function workerdPath(): string {
  const given = workerd as unknown as string | { readonly default: string };
  return typeof given === "string" ? given : given.default;
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** A client that can leave at any point: it writes to the connection itself. */
export class RawClient implements Disposable {
  private constructor(private readonly connection: Deno.TcpConn) {}

  static async connect(port: number, text: string): Promise<RawClient> {
    const client = new RawClient(await Deno.connect({ hostname: "127.0.0.1", port }));
    await client.write(text);
    return client;
  }

  async write(text: string): Promise<void> {
    const bytes = new TextEncoder().encode(text);
    for (let sent = 0; sent < bytes.length;) {
      sent += await this.connection.write(bytes.subarray(sent));
    }
  }

  /** What has come when `test` holds of it, or when the server has closed. */
  async read(test: (text: string) => boolean): Promise<string> {
    const buffer = new Uint8Array(65_536);
    const decoder = new TextDecoder();
    for (let text = "";;) {
      if (test(text)) return text;
      const count = await this.connection.read(buffer);
      if (count === null) return text;
      text += decoder.decode(buffer.subarray(0, count), { stream: true });
    }
  }

  [Symbol.dispose](): void {
    try {
      this.connection.close();
    } catch {
      // it is closed
    }
  }
}
