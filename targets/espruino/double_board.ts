import { PseudoTerminal } from "../serial/pseudo_terminal.ts";
import { DoubleConsole, type Patience } from "./double_console.ts";
import { DoubleInterpreter } from "./double_interpreter.ts";
import { DoubleStorage } from "./double_storage.ts";
import { knowsPackets } from "./flash_packets.ts";

const CTRL_C = 0x03;
const XON = "\x11";
const XOFF = "\x13";

/** What goes wrong. */
export interface Faults {
  /** The cable is pulled when this many bytes have come. */
  readonly unplugAfter?: number;
  /** This byte, counted from 0, arrives changed. */
  readonly corrupt?: number;
  /** This byte, counted from 0, does not arrive. */
  readonly drop?: number;
  /** These packets, counted from 1, are refused. */
  readonly refuse?: readonly number[];
  /** How many Ctrl-C a program that never yields survives. */
  readonly deaf?: number;
  /** Ctrl-C ends in the debugger. */
  readonly debugger?: boolean;
}

/** What kind of board it is. */
export interface DoubleOptions {
  readonly board?: string;
  readonly version?: string;
  /** Whether its interpreter leaves out what does not fit a small board. */
  readonly saveOnFlash?: boolean;
  /** Bytes of Storage. */
  readonly flash?: number;
  /** What is in its Storage from the start. */
  readonly files?: { readonly [name: string]: string };
  readonly faults?: Faults;
  readonly patience?: Patience;
}

/** Bytes that come while nobody has taken those before; more are lost. */
const INPUT_BUFFER = 512;
/** Bytes the line carries, and the interpreter takes, in a tick of a millisecond. */
const LINE_SPEED = 48;
const TAKEN = 24;

/**
 * A board on a pseudo-terminal for tests, with an interpreter's console: prompt, echo, Ctrl-C, flow
 * control with a small buffer, packets, Storage, `load` and `reset`, and errors as it prints them.
 * Behaviour was taken from the interpreter's sources and compared with the interpreter running.
 */
export class DoubleBoard implements Disposable {
  readonly storage: DoubleStorage;
  /** How many bytes were lost because XOFF was not heeded. */
  overflowed = 0;
  /** How many bytes have come. */
  received = 0;
  readonly #options: DoubleOptions;
  readonly #faults: Faults;
  readonly #interpreter: DoubleInterpreter;
  readonly #console: DoubleConsole;
  readonly #ticking: ReturnType<typeof setInterval>;
  #wire: PseudoTerminal | null;
  #input: number[] = [];
  #output = "";
  /** Whether XOFF was sent last. */
  #stopped = false;
  /** Whether the system holds back what it has to send. */
  #held = false;
  #busy = false;
  #deaf: number;

  constructor(options: DoubleOptions = {}) {
    this.#options = options;
    this.#faults = options.faults ?? {};
    this.#deaf = this.#faults.deaf ?? 0;
    this.storage = new DoubleStorage(options.flash ?? 40_000);
    for (const [name, text] of Object.entries(options.files ?? {})) this.storage.write(name, text);
    const version = options.version ?? "2v29";
    this.#wire = new PseudoTerminal();
    this.#interpreter = new DoubleInterpreter({
      board: options.board ?? "PUCKJS",
      version,
      storage: this.storage,
      saveOnFlash: options.saveOnFlash ?? false,
      print: (text) => this.#console?.print(text),
      onBusy: () => this.#busy = true,
      onReset: () => this.#busy = false,
    });
    this.#console = new DoubleConsole({
      interpreter: this.#interpreter,
      storage: this.storage,
      packets: knowsPackets(version),
      patience: options.patience ?? { packet: 1000, file: 3000 },
      refused: this.#faults.refuse ?? [],
      send: (text) => this.#output += text,
    });
    this.#ticking = setInterval(() => this.#tick(), 1);
    this.#boot();
  }

  /** Where it is plugged in. */
  get path(): string {
    if (this.#wire === null) throw new Error("The double is not plugged in");
    return this.#wire.path;
  }

  #boot(): void {
    this.#interpreter.boot();
    if (!this.#busy) this.#console.prompt();
  }

  /** Pulls the cable, and with it the power. */
  unplug(): void {
    this.#wire?.close();
    this.#wire = null;
    this.#input = [];
    this.#output = "";
    this.#interpreter.stop();
  }

  /** Plugs the cable in again. */
  plug(): void {
    this.#wire = new PseudoTerminal();
    this.#stopped = this.#held = false;
    this.#boot();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#ticking);
    this.#console.stop();
    this.unplug();
  }

  #tick(): void {
    if (this.#wire === null) return;
    // The tick in which XOFF was sent still brings what was on the line.
    if (!this.#held) { for (const byte of this.#wire.read(LINE_SPEED)) this.#arrive(byte); }
    this.#held = this.#stopped && this.#wire?.heedsXoff === true;
    if (!this.#busy) {
      for (const byte of this.#input.splice(0, TAKEN)) {
        this.#console.type(String.fromCharCode(byte));
        if (this.#busy) break;
      }
      if (!this.#busy) this.#console.prompt();
    }
    this.#flowControl();
    const bytes = Uint8Array.from(this.#output, (char) => char.charCodeAt(0));
    this.#output = this.#output.slice(this.#wire?.write(bytes) ?? 0);
  }

  #arrive(byte: number): void {
    const at = this.received++;
    const { unplugAfter, corrupt, drop } = this.#faults;
    if (at === unplugAfter) return this.unplug();
    if (at === drop) return;
    if (at === corrupt) byte ^= 0x20;
    // Ctrl-C is heeded as it comes, before what came earlier.
    if (byte === CTRL_C && !this.#console.inPacket) return this.#interrupt();
    if (this.#input.length < INPUT_BUFFER) this.#input.push(byte);
    else this.overflowed++;
  }

  #interrupt(): void {
    if (!this.#busy) {
      this.#console.clear();
      return;
    }
    if (this.#deaf-- > 0) return;
    this.#busy = false;
    if (this.#faults.debugger === true) this.#console.debugging = true;
    else this.#console.print("Execution Interrupted\n");
  }

  #flowControl(): void {
    const { length } = this.#input;
    if (!this.#stopped && length > INPUT_BUFFER * 6 / 8) {
      this.#stopped = true;
      this.#output = XOFF + this.#output;
    } else if (this.#stopped && length < INPUT_BUFFER * 3 / 8) {
      this.#stopped = false;
      this.#output = XON + this.#output;
    }
  }
}
