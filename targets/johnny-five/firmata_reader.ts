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
  /** How many data bytes it still needs, unless it is a sysex message. */
  private missing = 0;
  private readonly version: number[] = [];
  private sysex: number[] = [];

  constructor(private readonly listener: FirmataListener) {}

  /** Takes what came. */
  feed(bytes: ArrayLike<number>): void {
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (byte >= 0x80) this.begin(byte);
      // Nearly everything are edges and readings, which only have to be whole.
      else if (this.missing > 0) this.take(byte);
      else if (this.command === START_SYSEX) this.sysex.push(byte);
      else this.damaged(`data ${hex(byte)} without a command`);
    }
  }

  /** The board starts anew. */
  reset(): void {
    this.started = false;
    this.command = 0;
    this.missing = 0;
  }

  private begin(command: number): void {
    if (this.command !== 0) {
      if (command === END_SYSEX && this.command === START_SYSEX) return this.endSysex();
      this.damaged(`${hex(command)} within a message of ${hex(this.command)}`);
    }
    const message = messageOf(command);
    this.command = command;
    this.missing = 2;
    if (message === DIGITAL_MESSAGE || message === ANALOG_MESSAGE) return;
    if (message === REPORT_VERSION) this.version.length = 0;
    else {
      this.missing = 0;
      this.sysex = [];
      if (message === START_SYSEX) return;
      this.command = 0;
      this.damaged(`the unknown command ${hex(command)}`);
    }
  }

  private take(byte: number): void {
    this.missing--;
    const isVersion = this.command === REPORT_VERSION;
    if (isVersion) this.version.push(byte);
    if (this.missing > 0) return;
    this.command = 0;
    if (!isVersion) return;
    this.started = true;
    this.listener.onVersion(this.version[0]!, this.version[1]!);
  }

  private endSysex(): void {
    this.command = 0;
    const [command, ...data] = this.sysex;
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
