import { PseudoTerminal } from "../serial/pseudo_terminal.ts";

/**
 * The real interpreter, built for this machine, on a pseudo-terminal for tests. It keeps its Storage
 * in the file `espruino.flash` of its folder, which goes when this is disposed of.
 */
export class InterpreterBoard implements AsyncDisposable {
  readonly #wire = new PseudoTerminal();
  readonly #folder: string;
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #ticking: ReturnType<typeof setInterval>;
  readonly #printing: Promise<void>;
  #output: number[] = [];

  /** @param binary The interpreter's path. */
  constructor(binary: string) {
    this.#folder = Deno.makeTempDirSync();
    // On one processor: its thread that reads and its main thread share a queue without a lock, and
    // side by side they lose bytes or fail an assertion within some ten kilobytes.
    this.#process = new Deno.Command("taskset", {
      args: ["-c", "0", binary],
      cwd: this.#folder,
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#input = this.#process.stdin.getWriter();
    this.#printing = this.#print();
    this.#ticking = setInterval(() => this.#tick(), 1);
  }

  /** Where it is plugged in. */
  get path(): string {
    return this.#wire.path;
  }

  async #print(): Promise<void> {
    for await (const bytes of this.#process.stdout) this.#output.push(...bytes);
  }

  #tick(): void {
    const typed = this.#wire.read();
    if (typed.length > 0) this.#input.write(typed).catch(() => {});
    this.#output.splice(0, this.#wire.write(Uint8Array.from(this.#output)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#ticking);
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await this.#process.status;
    await this.#printing;
    await this.#input.abort().catch(() => {});
    this.#wire.close();
    await Deno.remove(this.#folder, { recursive: true });
  }
}
