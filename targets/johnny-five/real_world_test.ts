/**
 * The world around a board in real time: an emulated Arduino behind a pseudo-terminal, as any program finds it. It is
 * as much of a `Simulation` as scenarios need.
 */
import { run, timeout, TimeoutError } from "awaitio";
import { uno } from "awaitio/boards";
import type { Simulation } from "awaitio/simulator";
import type { Level } from "../../runtime/io/driver.ts";
import { PseudoTerminal } from "../serial/pseudo_terminal.ts";
import { EmulatedArduino } from "../simulator/arduino/board.ts";
import { PtyLink } from "../simulator/arduino/pty_link.ts";
import { RealTime } from "../simulator/arduino/real_time.ts";

/** How often the board is run and its lines are looked at, in milliseconds. */
const TICK = 2;
/** How long something may take that should happen soon, in milliseconds. */
const PATIENCE = 20_000;

/** How many bytes Johnny-Five sends before a program's first. */
const HANDSHAKE = 12;

export class RealWorld implements Disposable {
  readonly arduino = new EmulatedArduino();
  /** Levels by role or pin, in order, from when a program had opened the port. */
  readonly levels = new Map<string, Level[]>();
  private readonly link: PtyLink;
  private readonly lines = new Map<string, RealLine>();
  private readonly timer: ReturnType<typeof setInterval>;
  private readonly sources = new Map<string, () => number>();
  private readonly duties = new Map<string, number>();
  private connected = false;
  private readonly began = performance.now();

  constructor() {
    const { arduino } = this;
    this.link = new PtyLink(arduino, { autoReset: true });
    for (const [role, { pin }] of Object.entries(uno.roles)) {
      if (/^BTN/.test(role)) arduino.setLevel(pin, 1);
      this.levels.set(role, []);
    }
    arduino.onPin = (name, { mode, level, wave }) => {
      // Until Johnny-Five is there the firmware blinks its version.
      if (!this.connected) return;
      this.duties.set(name, wave?.duty ?? (mode === "output" ? level : 0));
      for (const [role, { pin }] of Object.entries(uno.roles)) {
        const seen = this.levels.get(role)!;
        if (pin === name && mode === "output" && (seen.at(-1) ?? 0) !== level) seen.push(level);
      }
    };
    const time = new RealTime(arduino, () => performance.now());
    this.timer = setInterval(() => {
      for (const [pin, source] of this.sources) arduino.setAnalog(pin, source());
      for (const line of this.lines.values()) line.look();
      this.link.exchange();
      time.advance();
      this.link.exchange();
    }, TICK);
  }

  /** The port of the board. */
  get path(): string {
    return this.link.path;
  }

  /** Milliseconds since it began. */
  get time(): number {
    return performance.now() - this.began;
  }

  /** What stands for a serial line: its port, for `--serial`. */
  line(name: string): RealLine {
    let line = this.lines.get(name);
    if (line === undefined) this.lines.set(name, line = new RealLine());
    return line;
  }

  /** Waits until a program has opened the port and has told the board its first pin. */
  async ready(): Promise<void> {
    await this.when(() => this.link.isOpen);
    // The reset that comes with it, and the version that it blinks.
    const reset = this.arduino.milliseconds;
    await this.when(() => this.arduino.milliseconds > reset + 2100);
    this.connected = true;
    await this.when(() => this.link.bytes.received > HANDSHAKE || !this.link.isOpen);
  }

  /** Plays a scenario that was made for the simulator, or as much of it as fits into `limit` milliseconds. */
  async play(scenario: (sim: Simulation) => unknown, limit: number): Promise<void> {
    await run(async () => {
      try {
        await timeout(limit, async () => void await scenario(this as unknown as Simulation));
      } catch (error) {
        if (!(error instanceof TimeoutError)) throw error;
      }
    });
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  async press(role: "BTN1", ms = 50): Promise<void> {
    this.arduino.setLevel(uno.roles[role].pin, 0);
    await this.sleep(ms);
    this.arduino.setLevel(uno.roles[role].pin, 1);
  }

  serial(name: string): RealLine {
    return this.line(name);
  }

  analog(role: "SENSOR1", source: number | (() => number)): void {
    this.sources.set(uno.roles[role].pin, typeof source === "number" ? () => source : source);
  }

  duty(role: "HEATER1"): number {
    return this.duties.get(uno.roles[role].pin) ?? 0;
  }

  async when(condition: () => boolean): Promise<void> {
    for (const end = performance.now() + PATIENCE; !condition();) {
      if (performance.now() > end) throw new Error(`Waited in vain for ${condition}`);
      await this.sleep(TICK);
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.timer);
    this.link[Symbol.dispose]();
    for (const line of this.lines.values()) line.close();
  }
}

/** The far end of a serial line that is a port of this computer. */
class RealLine {
  private readonly wire = new PseudoTerminal();
  private readonly decoder = new TextDecoder();
  private text = "";
  private seen = 0;
  private unsent = "";

  get path(): string {
    return this.wire.path;
  }

  get received(): string {
    return this.text;
  }

  look(): void {
    this.text += this.decoder.decode(this.wire.read(), { stream: true });
    if (this.unsent === "" || !this.wire.isOpen) return;
    this.wire.write(new TextEncoder().encode(this.unsent));
    this.unsent = "";
  }

  type(text: string): void {
    this.unsent += text;
  }

  async expect(wanted: string): Promise<void> {
    for (const end = performance.now() + PATIENCE;;) {
      const place = this.text.indexOf(wanted, this.seen);
      if (place >= 0) {
        this.seen = place + wanted.length;
        return;
      }
      if (performance.now() > end) throw new Error(`Expected ${wanted}; got ${this.text}`);
      await new Promise((resolve) => setTimeout(resolve, TICK));
    }
  }

  close(): void {
    this.wire.close();
  }
}
