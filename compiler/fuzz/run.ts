/** Runs programs both ways and compares what they log. */

import type { Subject } from "./generate.ts";
import type { Request, Verdict, Way } from "./worker.ts";

/** How long a program may take before it counts as one that does not end, in milliseconds. */
const PATIENCE = 5000;

/** What is run, and how. */
export interface RunnerOptions {
  /** How the programs are run the second time. */
  readonly way: Way;
  /** Programs of what kind; `"language"` unless given. */
  readonly subject?: Subject;
  /** The URL of the compiled runtime, for programs that use it. */
  readonly runtime?: string | null;
}

/** Runs programs in a worker. */
export class Runner {
  private worker: Worker | null = null;
  private readonly way: Way;
  private readonly runtime: string | null;
  /** The kind of the programs. */
  readonly subject: Subject;

  /** The worker starts when it is first needed. */
  constructor({ way, subject = "language", runtime = null }: RunnerOptions) {
    this.way = way;
    this.subject = subject;
    this.runtime = runtime;
  }

  /** Runs programs one after the other: texts, or the programs of seeds. */
  async run(programs: readonly (string | number)[]): Promise<readonly Verdict[]> {
    if (programs.length === 0) return [];
    const { way, subject, runtime } = this;
    const progress = new Int32Array(new SharedArrayBuffer(8));
    const verdicts = await this.ask({ programs, way, subject, runtime, progress });
    if (verdicts !== null) return verdicts;
    const stuck = progress[0]!;
    const before = await this.run(programs.slice(0, stuck));
    const after = await this.run(programs.slice(stuck + 1));
    return [...before, { native: [], other: [], difference: "never ends" }, ...after];
  }

  /** Ends the worker. */
  [Symbol.dispose](): void {
    this.worker?.terminate();
    this.worker = null;
  }

  /** The verdicts, or `null` when one of the programs does not end: then the worker is gone. */
  private ask(request: Request): Promise<readonly Verdict[] | null> {
    this.worker ??= new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    const { worker } = this;
    return new Promise((resolve, reject) => {
      let seen = -1;
      const watch = setInterval(() => {
        if (request.progress[1] === 0 && seen === -1) return;
        if (request.progress[1] !== seen) {
          seen = request.progress[1]!;
          return;
        }
        this[Symbol.dispose]();
        clearInterval(watch);
        resolve(null);
      }, PATIENCE);
      worker.onmessage = ({ data }: MessageEvent<readonly Verdict[]>) => {
        clearInterval(watch);
        resolve(data);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        clearInterval(watch);
        reject(new Error(`The fuzzer's worker failed: ${event.message}`));
      };
      worker.postMessage(request);
    });
  }
}
