import fs from "node:fs";

const { O_RDONLY, O_RDWR, O_NOCTTY, O_NONBLOCK } = fs.constants;

const libc = Deno.dlopen(
  Deno.build.os === "darwin" ? "libSystem.B.dylib" : "libc.so.6",
  {
    posix_openpt: { parameters: ["i32"], result: "i32" },
    grantpt: { parameters: ["i32"], result: "i32" },
    unlockpt: { parameters: ["i32"], result: "i32" },
    ptsname: { parameters: ["i32"], result: "pointer" },
    read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
    write: { parameters: ["i32", "buffer", "usize"], result: "isize" },
    tcgetattr: { parameters: ["i32", "buffer"], result: "i32" },
    tcsetattr: { parameters: ["i32", "i32", "buffer"], result: "i32" },
    cfmakeraw: { parameters: ["buffer"], result: "void" },
    poll: { parameters: ["buffer", "usize", "i32"], result: "i32" },
    close: { parameters: ["i32"], result: "i32" },
  },
).symbols;

/** A child that inherited our side would keep the port from hanging up; macOS is not known to take this. */
const O_CLOEXEC = Deno.build.os === "linux" ? 0x80000 : 0;

/** IXON in the first field of `struct termios`. */
const IXON = Deno.build.os === "darwin" ? 0x200 : 0x400;

/** Of `struct pollfd`: nobody has the other side. */
const POLLHUP = 0x10;

/**
 * A pseudo-terminal: `path` is a serial port to whoever opens it, and this is the wire. DTR, RTS, breaks
 * and the speed do not cross it.
 */
export class PseudoTerminal implements Disposable {
  /** The port. */
  readonly path: string;
  #master: number;
  readonly #buffer = new Uint8Array(65_536);

  constructor() {
    this.#master = libc.posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (libc.grantpt(this.#master) !== 0 || libc.unlockpt(this.#master) !== 0) {
      throw new Error("Cannot open a pseudo-terminal: is /dev/ptmx there?");
    }
    // Otherwise it would echo to us what we send before the port is opened; no real port does.
    const termios = this.#termios();
    libc.cfmakeraw(termios);
    libc.tcsetattr(this.#master, 0, termios);
    this.path = Deno.UnsafePointerView.getCString(libc.ptsname(this.#master)!);
    // A port that was never open looks like an open one.
    fs.closeSync(fs.openSync(this.path, O_RDWR | O_NOCTTY | O_NONBLOCK));
  }

  /** Whether somebody has the port open. */
  get isOpen(): boolean {
    if (this.#master < 0) return false;
    // struct pollfd: the descriptor, what is asked for, what is answered.
    const asked = new Int16Array(4);
    new Int32Array(asked.buffer)[0] = this.#master;
    libc.poll(asked, 1n, 0);
    return (asked[3]! & POLLHUP) === 0;
  }

  /** What came, at most `limit` bytes of it. */
  read(limit = 65_536): Uint8Array {
    if (this.#master < 0) return new Uint8Array();
    const bytes = Number(libc.read(this.#master, this.#buffer, BigInt(limit)));
    return this.#buffer.slice(0, Math.max(0, bytes));
  }

  /** Sends as much as there is room for, and says how much that was. */
  write(bytes: Uint8Array<ArrayBuffer>): number {
    if (this.#master < 0 || bytes.length === 0) return 0;
    return Math.max(0, Number(libc.write(this.#master, bytes, BigInt(bytes.length))));
  }

  /** Throws away what was sent to a port that is closed: who opens it later shall not get it. */
  discard(): void {
    if (this.#master < 0) return;
    const port = fs.openSync(this.path, O_RDONLY | O_NOCTTY | O_NONBLOCK);
    try {
      while (fs.readSync(port, this.#buffer) > 0);
    } catch (error) {
      if ((error as { code?: unknown }).code !== "EAGAIN") throw error;
    } finally {
      fs.closeSync(port);
    }
  }

  /**
   * Whether the system stops what the port has not sent yet when XOFF comes. What was written to a
   * pseudo-terminal is on our side at once, so a test has to leave it there, as a system would.
   */
  get heedsXoff(): boolean {
    return (this.#termios()[0]! & IXON) !== 0;
  }

  #termios(): Uint32Array<ArrayBuffer> {
    const termios = new Uint32Array(64);
    libc.tcgetattr(this.#master, termios);
    return termios;
  }

  /** Hangs up, as a pulled cable does. */
  close(): void {
    if (this.#master < 0) return;
    libc.close(this.#master);
    this.#master = -1;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
