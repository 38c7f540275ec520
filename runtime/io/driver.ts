/**
 * What a target gives the IO classes: calls down, callbacks up, no promises.
 *
 * Every port may be remote (Firmata): reading asks and is answered later, or at once where the driver
 * knows; writing is not acknowledged, and the link can fail. Edges and data are reported from the
 * platform, never from inside the call that asked for them.
 *
 * Words are ECMA-419's where it has one; times are monotonic milliseconds of the loop's clock.
 *
 * @module
 */

/** A logic level. */
export type Level = 0 | 1;

/** Which changes of level count. */
export type EdgeKind = "rising" | "falling" | "both";

/** ECMA-419's digital modes. */
export type DigitalMode =
  | "input"
  | "inputPullUp"
  | "inputPullDown"
  | "output"
  | "outputOpenDrain";

/** The answer to one request: an error, or a value. */
export type Done<T> = (error: Error | null, value?: T) => void;

/** A change of level, as the hardware saw it. */
export type OnEdge = (level: Level, time: number) => void;

/** What may have been missed on a remote board, because the link to it was interrupted. */
export interface Gap {
  /** Set where nothing will come any more. */
  readonly error: Error | null;
  /** The level now. */
  readonly level: Level;
  /** Whether that is another one than before. */
  readonly changed: boolean;
  /** When the level was told again. */
  readonly time: number;
}

/** Edges may have been missed, or none will come any more. */
export type OnGap = (gap: Gap) => void;

/** A pin opened for digital input or output. */
export interface DigitalPort {
  /** The last known level; `undefined` until the hardware has told. */
  readonly level: Level | undefined;
  /** Asks for the level now. */
  read(done: Done<Level>): void;
  /** Drives the pin. Inputs throw. */
  write(level: Level): void;
  /**
   * Starts reporting edges, replacing an earlier watch. A level must be stable for `debounce` ms
   * to count; the time reported is that of the edge that began the stable level. `onGap` hears where the
   * link to a remote board was interrupted.
   */
  watch(edge: EdgeKind, debounce: number, onEdge: OnEdge, onGap?: OnGap): void;
  /** Stops reporting edges. */
  unwatch(): void;
  /** Gives the pin back. */
  close(): void;
}

/** A pin opened for analog input. Values are 0..1 of the board's full scale. */
export interface AnalogPort {
  /**
   * Asks for the value now, 0..1.
   *
   * @param period How often the program reads it, in milliseconds, where it does so all the time: a remote board can
   * then sample by itself.
   */
  read(done: Done<number>, period?: number): void;
  /** Gives the pin back. */
  close(): void;
}

/** A pin opened for PWM output. */
export interface PwmPort {
  /** Sets the duty cycle, 0..1, and where given the frequency in hertz. */
  write(duty: number, frequency?: number): void;
  /** Gives the pin back. */
  close(): void;
}

/** How to open a servo. */
export interface ServoOptions {
  /** The pulse at 0°, in microseconds; 544 unless given. */
  readonly minPulse?: number;
  /** The pulse at 180°, in microseconds; 2400 unless given. */
  readonly maxPulse?: number;
}

/** A pin opened for a servo. */
export interface ServoPort {
  /** Sends pulses of `pulse` microseconds, fifty a second. */
  write(pulse: number): void;
  /** Gives the pin back; the pulses end. */
  close(): void;
}

/** How to open a serial line. */
export interface SerialOptions {
  /** Bits a second; 9600 unless given. */
  readonly baudRate?: number;
  /** Bits in a character; 8 unless given. */
  readonly dataBits?: 7 | 8;
  /** The parity bit sent after each character; `"none"` unless given. */
  readonly parity?: "none" | "even" | "odd";
  /** Stop bits after each character; 1 unless given. */
  readonly stopBits?: 1 | 2;
  /** Hardware (`"rts-cts"`) or software (`"xon-xoff"`) flow control. */
  readonly flowControl?: "none" | "rts-cts" | "xon-xoff";
  /** Bytes kept for the program while it does not read; what does not fit is counted. Default 1024. */
  readonly bufferSize?: number;
}

/** A serial line that has been opened. */
export interface SerialPort {
  /** Hands over bytes; `done` when the line can take more. The bytes are copied before it returns. */
  write(bytes: Uint8Array, done: Done<void>): void;
  /** `done` when everything handed over has left the line. */
  drain(done: Done<void>): void;
  /** Gives the line back. */
  close(): void;
}

/** An I2C bus that has been opened. Addresses are 7 bits. */
export interface I2cPort {
  /** Writes `bytes`, then, where `length` is above 0, reads that many after a repeated start. */
  transfer(address: number, bytes: Uint8Array, length: number, done: Done<Uint8Array>): void;
  /** Gives the bus back. */
  close(): void;
}

/** How to open an I2C bus. */
export interface I2cOptions {
  /** Clock in hertz; 100,000 unless given. */
  readonly frequency?: number;
}

/** How to open an SPI bus. */
export interface SpiOptions {
  /** Clock in hertz; 1,000,000 unless given. */
  readonly frequency?: number;
  /** Clock polarity and phase. */
  readonly mode?: 0 | 1 | 2 | 3;
  /** The pin that selects the device, driven low during a transfer. */
  readonly select?: string;
}

/** An SPI bus that has been opened. */
export interface SpiPort {
  /** Sends `bytes` and answers with as many. */
  transfer(bytes: Uint8Array, done: Done<Uint8Array>): void;
  /** Gives the bus back. */
  close(): void;
}

/** The hardware of one board, as a target reaches it. Pins come as the board names them. */
export interface Driver {
  /** Opens a pin for digital input, or for output driven to `initial` from the start. */
  openDigital(pin: string, mode: DigitalMode, initial?: Level): DigitalPort;
  /** Opens a pin for analog input. */
  openAnalog(pin: string): AnalogPort;
  /** Opens a pin for PWM at `frequency` hertz. */
  openPwm(pin: string, frequency: number): PwmPort;
  /** Opens a pin for a servo, where the hardware has more for that than PWM. */
  openServo?(pin: string, options: ServoOptions): ServoPort;
  /** Opens a serial line; `onData` gets the bytes that come, `onError` hears that the line broke. */
  openSerial(
    name: string,
    options: SerialOptions,
    onData: (bytes: Uint8Array) => void,
    onError: (error: Error) => void,
  ): SerialPort;
  /** Opens an I2C bus by its name. */
  openI2c(name: string, options: I2cOptions): I2cPort;
  /** Opens an SPI bus by its name, for the device that `select` picks. */
  openSpi(name: string, options: SpiOptions): SpiPort;
  /** Releases everything. */
  close(): void;
}
