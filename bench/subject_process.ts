/**
 * A subject's process, seen from outside: requests go in, samples come out.
 *
 * @module
 */

import type { Builds, Heap } from "./builds.ts";
import type { CaseName } from "./cases.ts";
import { linesOf } from "./lines.ts";
import type { Subject } from "./subject.ts";
import type { Request, Sample } from "./worker.ts";

/** How long a sample may take before its program counts as stuck, in ms. */
const sampleLimit = 30_000;

/** A running `worker.ts`. */
export class SubjectProcess {
  readonly name: string;
  words: Readonly<Record<CaseName, string>>;
  #child: Deno.ChildProcess;
  #requests: WritableStreamDefaultWriter<Uint8Array>;
  #answers: AsyncGenerator<string>;

  /** Starts the process and waits until it is ready. */
  static async start(
    subject: Subject,
    builds: Builds,
    heap: Heap = "usual",
  ): Promise<SubjectProcess> {
    const process = new SubjectProcess(subject.name, builds.start(subject, heap));
    process.words = await process.#answer();
    return process;
  }

  private constructor(name: string, child: Deno.ChildProcess) {
    this.name = name;
    this.words = {} as Record<CaseName, string>;
    this.#child = child;
    this.#requests = child.stdin.getWriter();
    this.#answers = linesOf(child.stdout);
  }

  /** Runs operations of a case. */
  async sample(request: Request): Promise<Sample> {
    await this.#requests.write(new TextEncoder().encode(JSON.stringify(request) + "\n"));
    return await this.#answer();
  }

  /** Ends the process, whatever it is at. */
  async end(): Promise<void> {
    await this.#answers.return(undefined);
    try {
      this.#child.kill();
    } catch {
      // It has ended by itself.
    }
    await this.#requests.abort().catch(() => {});
    await this.#child.status;
  }

  async #answer<T>(): Promise<T> {
    let stuck = false;
    const limit = setTimeout(() => {
      stuck = true;
      this.#child.kill();
    }, sampleLimit);
    const { value, done } = await this.#answers.next();
    clearTimeout(limit);
    if (!done) return JSON.parse(value);
    throw new Error(
      stuck
        ? `Cannot measure ${this.name}: no answer within ${sampleLimit / 1000} s`
        : `Cannot measure ${this.name}: its process ended; see its message above`,
    );
  }
}
