/** Runs programs both ways and compares what they log. */

import type { Outcome, Request, Way } from "./worker.ts";

/** How long a program may take before it counts as one that does not end, in milliseconds. */
const PATIENCE = 5000;

/** What was found out about a program. */
export interface Verdict extends Outcome {
  /** What differs; `null` if nothing does. */
  readonly difference: "log" | "does not load" | "never ends" | null;
}

/** Runs programs in a worker. */
export class Runner {
  private worker: Worker | null = null;

  /** @param way How the programs are run the second time. */
  constructor(private readonly way: Way) {}

  /** Runs programs one after the other. */
  async run(texts: readonly string[]): Promise<Verdict[]> {
    if (texts.length === 0) return [];
    const progress = new Int32Array(new SharedArrayBuffer(8));
    const outcomes = await this.ask({ texts, way: this.way, progress });
    if (outcomes !== null) return outcomes.map(judge);
    const stuck = progress[0]!;
    const before = await this.run(texts.slice(0, stuck));
    const after = await this.run(texts.slice(stuck + 1));
    return [...before, { native: [], other: [], difference: "never ends" }, ...after];
  }

  /** Ends the worker. */
  close(): void {
    this.worker?.terminate();
    this.worker = null;
  }

  /** The outcomes, or `null` when one of the programs does not end: then the worker is gone. */
  private ask(request: Request): Promise<readonly Outcome[] | null> {
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
        this.close();
        clearInterval(watch);
        resolve(null);
      }, PATIENCE);
      worker.onmessage = ({ data }: MessageEvent<readonly Outcome[]>) => {
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

function judge(outcome: Outcome): Verdict {
  const { native, other } = outcome;
  if (native === null) return { ...outcome, difference: null };
  if (native.join("\n") === other.join("\n")) return { ...outcome, difference: null };
  const unloaded = other.length === 1 && other[0]!.startsWith("cannot be loaded");
  return { ...outcome, difference: unloaded ? "does not load" : "log" };
}
