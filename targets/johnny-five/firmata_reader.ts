import {
  ANALOG_MESSAGE,
  DIGITAL_MESSAGE,
  END_SYSEX,
  messageOf,
  REPORT_VERSION,
  START_SYSEX,
} from "./firmata.ts";

/** What is heard of a board, besides what the IO plugin makes of it. */
export interface FirmataListener {
  /** The firmware tells the version of its protocol: asked, or because it has just started. */
  onVersion(major: number, minor: number): void;
  /** A sysex message, without its frame. */
  onSysex(command: number, data: Uint8Array): void;
  /** Bytes made no sense: something was lost or garbled on the way. */
  onDamage(what: string): void;
}

/**
 * Reads along with firmata-io, which drops in silence what it does not understand. Nothing counts before the first
 * version report: a board may be in the middle of an earlier talk.
 */
export class FirmataReader {
  private started = false;
  /** The command of the message being read; 0 between messages. */
  private command = 0;
  private data: number[] = [];

  constructor(private readonly listener: FirmataListener) {}

  /** Takes what came. */
  feed(bytes: ArrayLike<number>): void {
    for (let i = 0; i < bytes.length; i++) this.take(bytes[i]!);
  }

  /** The board starts anew. */
  reset(): void {
    this.started = false;
    this.command = 0;
  }

  private take(byte: number): void {
    if (byte === END_SYSEX && this.command === START_SYSEX) this.endSysex();
    else if (byte >= 0x80) this.begin(byte);
    else if (this.command === 0) this.damaged(`data ${hex(byte)} without a command`);
    else if (this.data.push(byte) === 2 && this.command !== START_SYSEX) this.endMessage();
  }

  private begin(command: number): void {
    if (this.command !== 0) {
      this.damaged(`${hex(command)} within a message of ${hex(this.command)}`);
    }
    const message = messageOf(command);
    const known = message === DIGITAL_MESSAGE || message === ANALOG_MESSAGE ||
      message === START_SYSEX || message === REPORT_VERSION;
    this.command = known ? command : 0;
    this.data = [];
    if (!known) this.damaged(`the unknown command ${hex(command)}`);
  }

  private endMessage(): void {
    const { command, data } = this;
    this.command = 0;
    if (command !== REPORT_VERSION) return;
    this.started = true;
    this.listener.onVersion(data[0]!, data[1]!);
  }

  private endSysex(): void {
    this.command = 0;
    const [command, ...data] = this.data;
    if (!this.started) return;
    if (command === undefined) this.damaged("an empty sysex message");
    else this.listener.onSysex(command, Uint8Array.from(data));
  }

  private damaged(what: string): void {
    if (this.started) this.listener.onDamage(what);
  }
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}
