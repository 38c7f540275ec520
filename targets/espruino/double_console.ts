import { ACK, NAK, PACKET } from "./flash_packets.ts";
import type { DoubleInterpreter } from "./double_interpreter.ts";
import type { DoubleStorage } from "./double_storage.ts";

const DLE = "\x10";
const SOH = "\x01";
const ESCAPE = "\x1b";

type Timer = ReturnType<typeof setTimeout>;

/** How long the board waits for the rest of a packet, and for the rest of a file, in milliseconds. */
export interface Patience {
  readonly packet: number;
  readonly file: number;
}

/** What a console needs. */
export interface ConsoleOptions {
  readonly interpreter: DoubleInterpreter;
  readonly storage: DoubleStorage;
  /** Whether it knows packets. */
  readonly packets: boolean;
  readonly patience: Patience;
  /** Which packets are refused whatever they say, counted from 1. */
  readonly refused: readonly number[];
  /** Sends characters, one a byte. */
  send(text: string): void;
}

/** A file that arrives in packets. */
interface Arriving {
  readonly name: string;
  readonly size: number;
  offset: number;
}

/** Takes what is typed apart: lines, echo, escapes, packets. */
export class DoubleConsole {
  readonly #options: ConsoleOptions;
  #line = "";
  #quiet = false;
  /** An escape sequence so far. */
  #escape = "";
  #hadDle = false;
  /** A packet so far, header first; `null` outside one. */
  #packet: string | null = null;
  #packetTimer: Timer | undefined;
  #packets = 0;
  #file: Arriving | null = null;
  #fileTimer: Timer | undefined;
  #prompted = false;
  debugging = false;

  constructor(options: ConsoleOptions) {
    this.#options = options;
  }

  /** Prints, with the prompt taken away and put back where it stands. */
  print(text: string): void {
    const { send } = this.#options;
    if (this.#prompted) send("\r\x1b[J");
    this.#prompted = false;
    send(text.replaceAll("\n", "\r\n"));
  }

  /** Shows the prompt where it does not stand. */
  prompt(): void {
    if (this.#prompted || this.#packet !== null || !this.#options.interpreter.echo) return;
    this.#options.send(this.debugging ? "debug>" : ">");
    this.#prompted = true;
  }

  /** Forgets what was begun. */
  clear(): void {
    this.#line = "";
    this.#quiet = false;
    this.#escape = "";
  }

  stop(): void {
    clearTimeout(this.#packetTimer);
    clearTimeout(this.#fileTimer);
  }

  /** Whether a packet is open, in which Ctrl-C is data. */
  get inPacket(): boolean {
    return this.#packet !== null;
  }

  /** Takes one character. */
  type(char: string): void {
    if (this.#packet !== null) return this.#packetChar(char);
    if (this.#hadDle) {
      this.#hadDle = false;
      if (char === SOH && this.#options.packets) return this.#openPacket();
    }
    if (this.#escape !== "") return this.#escapeChar(char);
    if (char === DLE) {
      this.#hadDle = true;
      if (this.#line === "") this.#quiet = true;
    } else if (char === ESCAPE) this.#escape = char;
    else if (char === "\n" || char === "\r") this.#enter();
    else if (char >= " " || char === "\t") this.#append(char);
  }

  #append(text: string): void {
    this.#line += text;
    if (this.#options.interpreter.echo && !this.#quiet) {
      this.#options.send(text.replaceAll("\n", "\r\n:"));
    }
  }

  #escapeChar(char: string): void {
    this.#escape += char;
    if (this.#escape === "\x1b\n") this.#append("\n");
    else if (this.#escape === "\x1b[2H") this.clear();
    else if (/^(\[\d*)?$/.test(this.#escape.slice(1))) return;
    this.#escape = "";
  }

  #enter(): void {
    const { interpreter } = this.#options;
    if (open(this.#line)) return this.#append("\n");
    const line = this.#line;
    const echoes = interpreter.echo && !this.#quiet;
    this.clear();
    if (echoes) this.#options.send("\r\n");
    this.#prompted = false;
    if (this.debugging) this.#debug(line);
    else {
      const value = interpreter.run(line, "");
      if (echoes && line !== "") this.print(`=${String(value)}\n`);
    }
    interpreter.idle();
    this.prompt();
  }

  #debug(line: string): void {
    if (line === "quit") {
      this.debugging = false;
      this.print("Execution Interrupted\n");
    } else this.print("In debug mode: Expected a simple ID, type 'help' for more info.\n");
  }

  #openPacket(): void {
    this.#packet = "";
    this.#quiet = false;
    this.#packetTimer = setTimeout(() => this.#closePacket(NAK), this.#options.patience.packet);
  }

  #closePacket(answer: string): void {
    clearTimeout(this.#packetTimer);
    this.#packet = null;
    this.#options.send(answer);
  }

  #packetChar(char: string): void {
    this.#packet += char;
    const packet = this.#packet!;
    if (packet.length < 2) return;
    const header = packet.charCodeAt(0) << 8 | packet.charCodeAt(1);
    if (packet.length < 2 + (header & 0x1fff)) return;
    const refused = this.#options.refused.includes(++this.#packets);
    const good = !refused && this.#accept(header & 0xe000, packet.slice(2));
    this.#closePacket(good ? ACK : NAK);
  }

  #accept(type: number, payload: string): boolean {
    if (type === PACKET.fileSend) return this.#announce(payload);
    return type === PACKET.data && this.#store(payload);
  }

  #announce(payload: string): boolean {
    this.#endFile();
    try {
      const { fn, s } = JSON.parse(payload) as { fn?: unknown; s?: unknown };
      if (typeof fn !== "string" || typeof s !== "number" || s === 0) return false;
      this.#file = { name: fn, size: s, offset: 0 };
      this.#fileTimer = setTimeout(() => this.#endFile(), this.#options.patience.file);
      return true;
    } catch {
      return false;
    }
  }

  #store(payload: string): boolean {
    const file = this.#file;
    if (file === null) return false;
    try {
      this.#options.storage.write(file.name, payload, file.offset, file.size);
    } catch (error) {
      // Acknowledged all the same, as the interpreter does.
      this.print(`Uncaught ${error}\n`);
    }
    file.offset += payload.length;
    clearTimeout(this.#fileTimer);
    if (file.offset >= file.size) this.#endFile();
    else this.#fileTimer = setTimeout(() => this.#endFile(), this.#options.patience.file);
    return true;
  }

  #endFile(): void {
    clearTimeout(this.#fileTimer);
    this.#file = null;
  }
}

/** Whether a line has brackets that are not closed yet. */
function open(line: string): boolean {
  const bare = line.replace(/"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/g, "");
  const count = (brackets: RegExp): number => bare.match(brackets)?.length ?? 0;
  return count(/[([{]/g) > count(/[)\]}]/g);
}
