import { type CPU, usart0Config } from "avr8js";
import type { Interrupt } from "./interrupt.ts";

const { UCSRA, UCSRB, UCSRC, UBRRL, UBRRH, UDR } = usart0Config;

/** The interrupts' vectors, in words, which are all that differs between the ATmega328P and larger chips. */
export interface UsartVectors {
  readonly rxCompleteInterrupt: number;
  readonly dataRegisterEmptyInterrupt: number;
  readonly txCompleteInterrupt: number;
}

// Bits of UCSR0A.
const RXC = 0x80;
const TXC = 0x40;
const UDRE = 0x20;
const DOR = 0x08;
const U2X = 0x02;
const MPCM = 0x01;
// Bits of UCSR0B.
const RXEN = 0x10;
const TXEN = 0x08;
const UCSZ2 = 0x04;

/** How many received bytes wait to be read, besides the one in the shift register. */
const RECEIVE_BUFFER = 2;

/**
 * The ATmega328P's serial interface, as chapter 19 of its datasheet has it: a byte is sent while the
 * next waits in UDR0; two received bytes wait in a buffer and one in the shift register, and a fourth
 * is lost. (avr8js has one that sends nothing ahead and receives into a single byte.)
 */
export class Usart {
  /** Called with a byte when its stop bit has left. */
  onSent: (byte: number) => void = () => {};
  /** How many bytes were lost: sent to a chip that did not listen, or overrun because it did not read. */
  lost = 0;

  readonly #cpu: CPU;
  readonly #frame: number;
  /** What is on its way to us; the first is just being received. */
  readonly #line: number[] = [];
  /** Received bytes, at most two and the shift register's. */
  readonly #received: number[] = [];
  #sending: number | null = null;
  #waiting: number | null = null;

  readonly #rxComplete: Interrupt;
  readonly #dataEmpty: Interrupt;
  readonly #txComplete: Interrupt;

  /** @param frame How many cycles a received byte takes: the other side's speed. */
  constructor(cpu: CPU, frame: number, vectors: UsartVectors = usart0Config) {
    this.#cpu = cpu;
    this.#frame = frame;
    this.#rxComplete = interrupt(vectors.rxCompleteInterrupt, RXC, true);
    this.#dataEmpty = interrupt(vectors.dataRegisterEmptyInterrupt, UDRE, true);
    this.#txComplete = interrupt(vectors.txCompleteInterrupt, TXC, false);
    const { data, readHooks, writeHooks } = cpu;
    data[UCSRA] = UDRE;
    data[UCSRC] = 0x06;
    writeHooks[UCSRA] = (value) => {
      data[UCSRA] = data[UCSRA]! & ~(U2X | MPCM) | value & (U2X | MPCM);
      cpu.clearInterruptByFlag(this.#txComplete, value);
      return true;
    };
    writeHooks[UCSRB] = (value) => {
      data[UCSRB] = value;
      if ((value & RXEN) === 0) {
        this.#received.length = 0;
        cpu.clearInterrupt(this.#rxComplete);
      }
      for (const each of [this.#rxComplete, this.#dataEmpty, this.#txComplete]) {
        cpu.updateInterruptEnable(each, value);
      }
      return true;
    };
    readHooks[UDR] = () => this.#read();
    writeHooks[UDR] = (value) => {
      this.#write(value);
      return true;
    };
  }

  /** Bytes begin to arrive, one after the other. */
  receive(bytes: Iterable<number>): void {
    const idle = this.#line.length === 0;
    this.#line.push(...bytes);
    if (idle && this.#line.length > 0) this.#arrive();
  }

  /** How many bytes are still on their way to the chip. */
  get arriving(): number {
    return this.#line.length;
  }

  /** Gives back what is still on its way. */
  takeArriving(): number[] {
    return this.#line.splice(0);
  }

  /** A start bit: what still waits in the shift register is lost. */
  #arrive(): void {
    if (this.#received.length > RECEIVE_BUFFER) {
      this.#received.pop();
      this.lost++;
      this.#cpu.data[UCSRA]! |= DOR;
    }
    this.#cpu.addClockEvent(() => {
      const byte = this.#line.shift()!;
      if ((this.#cpu.data[UCSRB]! & RXEN) === 0) this.lost++;
      else {
        this.#received.push(byte);
        this.#cpu.setInterruptFlag(this.#rxComplete);
      }
      if (this.#line.length > 0) this.#arrive();
    }, this.#frame);
  }

  #read(): number {
    const byte = this.#received.shift() ?? 0;
    this.#cpu.data[UCSRA]! &= ~DOR;
    if (this.#received.length === 0) this.#cpu.clearInterrupt(this.#rxComplete);
    return byte;
  }

  #write(value: number): void {
    if ((this.#cpu.data[UCSRB]! & TXEN) === 0) return;
    if (this.#sending === null) return this.#send(value);
    // Written over what waits, as on the chip: who writes looks at UDRE first.
    this.#waiting = value;
    this.#cpu.clearInterrupt(this.#dataEmpty);
  }

  #send(value: number): void {
    this.#sending = value;
    this.#cpu.addClockEvent(() => {
      this.#sending = null;
      const next = this.#waiting;
      if (next === null) this.#cpu.setInterruptFlag(this.#txComplete);
      else {
        this.#waiting = null;
        this.#send(next);
        this.#cpu.setInterruptFlag(this.#dataEmpty);
      }
      this.onSent(value);
    }, this.#cyclesPerByte);
  }

  get #cyclesPerByte(): number {
    const { data } = this.#cpu;
    const control = data[UCSRC]!;
    const size = (data[UCSRB]! & UCSZ2) !== 0 ? 9 : 5 + (control >> 1 & 3);
    const parity = (control & 0x20) !== 0 ? 1 : 0;
    const stop = (control & 0x08) !== 0 ? 2 : 1;
    const divisor = (data[UBRRH]! << 8 | data[UBRRL]!) + 1;
    return divisor * ((data[UCSRA]! & U2X) !== 0 ? 8 : 16) * (1 + size + parity + stop);
  }
}

function interrupt(address: number, mask: number, constant: boolean): Interrupt {
  return {
    ...{ address, constant },
    ...{ flagRegister: UCSRA, flagMask: mask, enableRegister: UCSRB, enableMask: mask },
  };
}
