/**
 * What a run came to, counted while it goes on: pins, lines, tasks and faults.
 *
 * @module
 */

import type { TraceEvent } from "./trace.ts";

/** What one pin did. */
export interface PinSummary {
  readonly pin: string;
  readonly kind: "input" | "output" | "pwm" | "analog";
  /** Changes of level; for PWM and analog how often a value was set or read. */
  readonly edges: number;
  /** Share of the time the pin was high; for PWM and analog the mean value. 0..1 */
  readonly duty: number;
  /** In hertz: of PWM as it was asked for, of levels where the edges come periodically. */
  readonly frequency?: number;
  /** The last level, duty or reading. */
  readonly last: number;
}

/** What went over one serial line or bus. */
export interface LineSummary {
  readonly port: string;
  /** Bytes received; of a bus 0. */
  readonly rx: number;
  /** Bytes sent; of a bus 0. */
  readonly tx: number;
  /** Transfers on a bus. */
  readonly transfers: number;
}

/** What became of one task. */
export interface TaskSummary {
  readonly task: number;
  readonly name: string;
  readonly state: "created" | "running" | "waits" | "finished" | "failed" | "cancelled";
  /** How often it ran: its start and each time it went on. */
  readonly runs: number;
  /** When it ended, in ms. */
  readonly ended?: number;
  /** What it still awaits, or the error it failed with. */
  readonly what?: string;
}

/** How many tasks ended in which way. */
export interface OtherTasks {
  finished: number;
  failed: number;
  cancelled: number;
}

/** A fault the simulator reported. */
export interface FaultSummary {
  /** In ms. */
  readonly t: number;
  readonly message: string;
}

/** From this many tasks on the oldest that ended are only counted. */
const TASKS = 1000;

/** At most this many faults are kept. */
const FAULTS = 100;

/** A period counts as one when the rising edges stray from it by less than this share. */
const JITTER = 0.05;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

class Pin {
  kind: PinSummary["kind"] = "output";
  edges = 0;
  last = NaN;
  #asked: number | undefined;
  #first = 0;
  #changed = 0;
  #area = 0;
  #rose = NaN;
  #periods = 0;
  #mean = 0;
  #squares = 0;

  level(t: number, level: number, kind: PinSummary["kind"]): void {
    this.kind = kind;
    this.#asked = undefined;
    if (level === this.last) return;
    if (!Number.isNaN(this.last)) {
      this.edges++;
      if (level === 1) this.#rise(t);
    }
    this.#stand(t, level);
  }

  value(t: number, value: number, kind: PinSummary["kind"], frequency?: number): void {
    this.kind = kind;
    this.#asked = frequency;
    this.edges++;
    this.#stand(t, value);
  }

  summary(pin: string, time: number): PinSummary {
    const { kind, edges, last } = this;
    const known = time - this.#first;
    const area = this.#area + last * (time - this.#changed);
    const duty = known > 0 ? area / known : last;
    const frequency = this.#asked ?? this.#frequency();
    return { pin, kind, edges, duty, ...(frequency === undefined ? {} : { frequency }), last };
  }

  #stand(t: number, value: number): void {
    if (Number.isNaN(this.last)) this.#first = t;
    else this.#area += this.last * (t - this.#changed);
    this.#changed = t;
    this.last = value;
  }

  /** Keeps the mean of the periods and the sum of their squared distances from it (Welford). */
  #rise(t: number): void {
    const period = t - this.#rose;
    this.#rose = t;
    if (Number.isNaN(period)) return;
    const distance = period - this.#mean;
    this.#mean += distance / ++this.#periods;
    this.#squares += distance * (period - this.#mean);
  }

  #frequency(): number | undefined {
    if (this.#periods < 2 || this.#mean <= 0) return undefined;
    const deviation = Math.sqrt(this.#squares / this.#periods);
    return deviation <= JITTER * this.#mean ? 1000 / this.#mean : undefined;
  }
}

/** Counts what happens in a run; memory does not grow with its length. */
export class Statistics {
  readonly #pins = new Map<string, Pin>();
  readonly #lines = new Map<string, Writable<LineSummary>>();
  readonly #tasks = new Map<number, Writable<TaskSummary>>();
  readonly #others: OtherTasks = { finished: 0, failed: 0, cancelled: 0 };
  readonly #faults: FaultSummary[] = [];
  #faultCount = 0;
  #sweepAt = 2 * TASKS;
  #time = 0;

  /** Takes an event. */
  event(event: TraceEvent): void {
    const { t } = event;
    this.#time = t;
    switch (event.kind) {
      case "pin":
        return this.#pin(event.pin).level(t, event.level, event.dir === "in" ? "input" : "output");
      case "pwm":
        return this.#pin(event.pin).value(t, event.duty, "pwm", event.frequency);
      case "analog":
        return this.#pin(event.pin).value(t, event.value, "analog");
      case "serial":
        this.#line(event.port)[event.dir] += byteLength(event.text);
        return;
      case "bus":
        this.#line(event.port).transfers++;
        return;
      case "fault":
        this.#faultCount++;
        if (this.#faults.length < FAULTS) this.#faults.push({ t, message: event.message });
        return;
      case "task":
        return this.#task(event);
    }
  }

  /** The time of the last event, in ms. */
  get time(): number {
    return this.#time;
  }

  /** What each pin did up to `time` ms, which is that of the last event or later. */
  pins(time: number): PinSummary[] {
    return [...this.#pins].map(([name, pin]) => pin.summary(name, time));
  }

  /** What went over each serial line and bus. */
  get lines(): LineSummary[] {
    return [...this.#lines.values()].map((line) => ({ ...line }));
  }

  /** What became of each task; of very many the oldest that ended are only counted. */
  get tasks(): TaskSummary[] {
    return [...this.#tasks.values()].map((task) => ({ ...task }));
  }

  /** Ended tasks that are only counted. */
  get otherTasks(): OtherTasks {
    return { ...this.#others };
  }

  /** The first faults. */
  get faults(): FaultSummary[] {
    return [...this.#faults];
  }

  /** How many faults there were. */
  get faultCount(): number {
    return this.#faultCount;
  }

  #pin(name: string): Pin {
    let pin = this.#pins.get(name);
    if (pin === undefined) this.#pins.set(name, pin = new Pin());
    return pin;
  }

  #line(port: string): Writable<LineSummary> {
    let line = this.#lines.get(port);
    if (line === undefined) {
      this.#lines.set(port, line = { port, rx: 0, tx: 0, transfers: 0 });
    }
    return line;
  }

  #task({ t, task: id, name, state, what }: TraceEvent & { kind: "task" }): void {
    let task = this.#tasks.get(id);
    if (task === undefined) {
      if (this.#tasks.size >= this.#sweepAt) this.#sweep();
      this.#tasks.set(id, task = { task: id, name, state: "created", runs: 0 });
    }
    task.name = name;
    task.state = state === "started" || state === "resumed" ? "running" : state;
    if (task.state === "running") task.runs++;
    if (what === undefined) delete task.what;
    else task.what = what;
    if (hasEnded(task.state)) task.ended = t;
  }

  /** Counts the oldest ended tasks and drops them. Rare enough to cost little per task. */
  #sweep(): void {
    for (const [id, { state }] of this.#tasks) {
      if (this.#tasks.size <= TASKS) break;
      if (!hasEnded(state)) continue;
      this.#others[state]++;
      this.#tasks.delete(id);
    }
    this.#sweepAt = Math.max(2 * TASKS, 2 * this.#tasks.size);
  }
}

function hasEnded(state: TaskSummary["state"]): state is keyof OtherTasks {
  return state === "finished" || state === "failed" || state === "cancelled";
}

/** How many bytes a text takes as UTF-8, without encoding it. */
function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
