import type { SerialOptions, SerialPort } from "../../../runtime/io/driver.ts";
import type { VirtualDriver } from "../driver.ts";

/** The interpreter's serial line: data are binary strings, and what nobody listens for is kept. */
export class VirtualSerialDevice {
  private port: SerialPort | null = null;
  private kept = "";
  private readonly listeners = new Map<string, ((...args: unknown[]) => unknown)[]>();

  /** Gives the line back; small interpreters do not have it. */
  readonly unsetup: (() => void) | undefined;

  constructor(
    private readonly name: string,
    private readonly driver: VirtualDriver,
    saveOnFlash: boolean,
  ) {
    this.unsetup = saveOnFlash ? undefined : () => this.stop();
  }

  /** Whether something can come of it. */
  get listens(): boolean {
    return this.port !== null && this.listeners.size > 0;
  }

  setup(baudRate: unknown, options: Record<string, unknown> = {}): void {
    const baud = baudRate === undefined ? 9600 : Number(baudRate);
    if (!(baud > 100 && baud <= 10_000_000)) throw new Error(`Invalid baud rate ${baudRate}`);
    for (const word of ["parity", "flow"]) {
      if (word in options && options[word] === undefined) {
        throw new Error(`ASSERT(var) FAILED: ${word} is undefined, which crashes the interpreter`);
      }
    }
    // A number that is given as `undefined` counts as 0, which no line can do.
    const { bytesize = "bytesize" in options ? 0 : 8, parity, flow } = options;
    if (bytesize !== 7 && bytesize !== 8) throw new Error("Unsupported serial byte size");
    if (flow !== undefined && flow !== null && flow !== "none" && flow !== "xon") {
      throw new Error(`Invalid flow control: ${JSON.stringify(flow)}`);
    }
    const settings: SerialOptions = {
      baudRate: baud,
      dataBits: bytesize,
      parity: parity === "even" || parity === "e" ? "even" : parity ? "odd" : "none",
    };
    this.port?.close();
    this.port = this.driver.openSerial(
      this.name,
      settings,
      (bytes) => this.received(String.fromCharCode(...bytes)),
      // The simulator breaks a line: what the hardware notices of that are frames that are none.
      () => this.emit("framing"),
    );
  }

  /** The line is not used any more. */
  stop(): void {
    this.port?.close();
    this.port = null;
  }

  write(...data: unknown[]): void {
    for (const each of data) this.port?.write(bytesOf(each), () => {});
  }

  print(text: unknown): void {
    this.write(String(text));
  }

  println(text: unknown): void {
    this.write(`${text}\r\n`);
  }

  available(): number {
    return this.kept.length;
  }

  read(count = Infinity): string {
    const read = this.kept.slice(0, count);
    this.kept = this.kept.slice(read.length);
    return read;
  }

  on(event: string, listener: (...args: unknown[]) => unknown): void {
    this.listeners.set(event, [...this.listeners.get(event) ?? [], listener]);
    if (event === "data" && this.kept !== "") this.received(this.read());
  }

  removeListener(event: string, listener: (...args: unknown[]) => unknown): void {
    const left = (this.listeners.get(event) ?? []).filter((each) => each !== listener);
    if (left.length > 0) this.listeners.set(event, left);
    else this.listeners.delete(event);
  }

  removeAllListeners(event?: string): void {
    if (event === undefined) this.listeners.clear();
    else this.listeners.delete(event);
  }

  private received(text: string): void {
    if (this.listeners.has("data")) this.emit("data", text);
    else this.kept += text;
  }

  private emit(event: string, ...args: unknown[]): void {
    for (const listener of this.listeners.get(event) ?? []) listener(...args);
  }
}

/** What the interpreter sends for a value: characters of a string are bytes. */
function bytesOf(value: unknown): Uint8Array {
  if (typeof value === "number") return Uint8Array.of(value);
  if (typeof value === "string") return Uint8Array.from(value, (char) => char.charCodeAt(0));
  return Uint8Array.from(value as ArrayLike<number>);
}
