/**
 * A run as lines of text, for a pipe, a log, or a terminal that cannot move its cursor.
 *
 * @module
 */

import type { TraceEvent } from "./trace.ts";
import { hertz, pad, percent, seconds, visible } from "./view_text.ts";

/** How much a plain view tells. */
export interface PlainOptions {
  /** Also tell when tasks wait and go on, and when timers are set. */
  readonly verbose?: boolean;
}

/** Writes one line for each event of interest, in columns, so that it can be read and searched. */
export class PlainView {
  readonly #output: { write(text: string): void };
  readonly #verbose: boolean;
  readonly #names = new Map<string, string>();

  /** Prepares to write to `output`, a whole line at a time. */
  constructor(output: { write(text: string): void }, options: PlainOptions = {}) {
    this.#output = output;
    this.#verbose = options.verbose ?? false;
  }

  /** Takes an event, and writes its line if it is of interest. */
  event(event: TraceEvent): void {
    const by = this.#names.get(event.by) ?? event.by;
    this.#name(event);
    if (!this.#verbose && isDetail(event)) return;
    const [subject, what] = describe(event);
    // What is too long for its column is left whole, since it may be searched for.
    const left = `${seconds(event.t).padStart(12)}  ${pad(subject, 16)}  `;
    // A task's own steps and the program's own words need no hint whose they are.
    const own = event.kind === "task" || event.kind === "print";
    this.#output.write((left + (own ? what : `${pad(what, 24)}  ${by}`)).trimEnd() + "\n");
  }

  /** Learns how a task is called, and forgets it when it has ended. */
  #name(event: TraceEvent): void {
    if (event.kind !== "task") return;
    const by = `task ${event.task}`;
    const ended = event.state === "finished" || event.state === "failed" ||
      event.state === "cancelled";
    if (ended) this.#names.delete(by);
    else if (event.name !== "") this.#names.set(by, `task ${visible(event.name)}`);
  }
}

function isDetail(event: TraceEvent): boolean {
  return event.kind === "timer" ||
    event.kind === "task" && (event.state === "waits" || event.state === "resumed");
}

function describe(event: TraceEvent): [subject: string, what: string] {
  switch (event.kind) {
    case "pin":
      return [`pin ${event.pin}`, event.level === 0 ? "▁ 0" : "▔ 1"];
    case "pwm":
      return [`pwm ${event.pin}`, `${percent(event.duty)} ${hertz(event.frequency)}`];
    case "analog":
      return [`analog ${event.pin}`, event.value.toFixed(3)];
    case "serial":
      return [`serial ${event.port}`, `${event.dir} ${JSON.stringify(event.text)}`];
    case "bus":
      return [`bus ${event.port}`, visible(`${event.sent}→${event.answered}`)];
    case "timer":
      return ["timer", `at ${seconds(event.at)}`];
    case "print":
      return ["print", visible(event.text)];
    case "fault":
      return ["fault", visible(event.message)];
    case "task": {
      const what = event.what === undefined ? "" : ` ${visible(event.what)}`;
      return [`task ${event.name === "" ? event.task : visible(event.name)}`, event.state + what];
    }
  }
}
