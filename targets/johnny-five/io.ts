/**
 * What Johnny-Five's IO plugins have in common, firmata-io among them, as far as it is used here.
 *
 * @see https://github.com/rwaldron/io-plugins
 * @module
 */

/** Hears of an event. Declared as a method, because what an event is told with has no type here. */
export type Listener = { heard(...args: unknown[]): void }["heard"];

/** Something that tells events, as Node's emitters do. */
export interface Emitter {
  /** Calls `listener` at every such event. */
  on(event: string, listener: Listener): unknown;
  /** Calls `listener` at the next one. */
  once(event: string, listener: Listener): unknown;
  /** Calls `listener` no more. */
  removeListener(event: string, listener: Listener): unknown;
  /** Tells an event. */
  emit(event: string, ...args: unknown[]): boolean;
}

/** A pin as an IO plugin knows it. */
export interface IoPin {
  readonly supportedModes: readonly number[];
  readonly mode?: number | undefined;
  /** Its number as an analog channel; 127 where it is none. */
  readonly analogChannel?: number;
}

/** The modes of pins, by the numbers that Firmata gives them. */
export interface IoModes {
  readonly INPUT: number;
  readonly OUTPUT: number;
  readonly ANALOG: number;
  readonly PWM: number;
  readonly SERVO: number;
  readonly PULLUP?: number;
  readonly I2C?: number;
  readonly SERIAL?: number;
}

/** The bytes of an answer, one a number. */
export type OnBytes = (bytes: readonly number[]) => void;

/** An IO plugin. What not every plugin has is optional. */
export interface IoPlugin extends Emitter {
  readonly name: string;
  readonly isReady: boolean;
  readonly pins: readonly IoPin[];
  readonly analogPins: readonly number[];
  readonly MODES: IoModes;
  readonly RESOLUTION?: { readonly ADC?: number | null; readonly PWM?: number | null };
  listenerCount?(event: string): number;
  /** The number of a pin by another name: plugins of boards whose pins have no numbers. */
  normalize?(pin: string | number): unknown;
  pinMode(pin: number, mode: number): void;
  digitalWrite(pin: number, level: number): void;
  digitalRead(pin: number, listener: (level: number) => void): void;
  analogRead(channel: number, listener: (value: number) => void): void;
  analogWrite(pin: number, value: number): void;
  servoConfig?(pin: number, min: number, max: number): void;
  servoWrite?(pin: number, value: number): void;
  reportDigitalPin?(pin: number, on: 0 | 1): void;
  reportAnalogPin?(channel: number, on: 0 | 1): void;
  setSamplingInterval?(ms: number): void;
  i2cConfig?(options: { readonly address?: number; readonly settings?: object }): void;
  i2cWrite?(address: number, bytes: readonly number[]): void;
  i2cReadOnce?(address: number, length: number, listener: OnBytes): void;
  i2cReadOnce?(address: number, register: number, length: number, listener: OnBytes): void;
  serialConfig?(options: { readonly portId: number; readonly baud: number }): void;
  serialRead?(port: number, listener: OnBytes): void;
  serialWrite?(port: number, bytes: readonly number[]): void;
  serialClose?(port: number): void;
}

/** Johnny-Five's board. Its types are those of `@types/johnny-five`, for who has them. */
export interface FiveBoard extends Emitter {
  /** @internal */
  readonly io: IoPlugin;
  /** Whether it has found its pins. */
  readonly isReady: boolean;
  /** Gives a pin another mode, by their numbers. */
  pinMode(pin: number, mode: number): unknown;
  /** Calls `listener` whenever the level of a pin's port is reported. */
  digitalRead(pin: number, listener: (level: number) => void): unknown;
}

/** Johnny-Five. */
export interface FiveLibrary {
  readonly Board: new (options: object) => FiveBoard;
}

/** firmata-io. */
export interface FirmataLibrary {
  readonly Firmata: new (transport: object, options: object) => IoPlugin;
}

/** The libraries: handed in, so that a program can be compiled without them. */
export interface Libraries {
  readonly five: FiveLibrary;
  readonly firmata: FirmataLibrary;
}
