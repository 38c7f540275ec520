import { EventEmitter } from "node:events";
import { Buffer } from "node:buffer";
import firmata from "firmata-io";

/** What the tests use of a board of firmata-io's, which brings no types. */
export interface FirmataBoard extends EventEmitter {
  readonly firmware: { readonly name: string; readonly version: { readonly major: number } };
  readonly pins: readonly { readonly supportedModes: readonly number[] }[];
  readonly MODES: { readonly [name: string]: number };
  pinMode(pin: number, mode: number): void;
  digitalRead(pin: number, listener: (value: number) => void): void;
  digitalWrite(pin: number, value: number): void;
  analogRead(pin: number, listener: (value: number) => void): void;
  pwmWrite(pin: number, value: number): void;
  servoWrite(pin: number, angle: number): void;
  i2cConfig(): void;
  i2cWrite(address: number, bytes: number[]): void;
  i2cReadOnce(
    address: number,
    register: number,
    length: number,
    done: (bytes: number[]) => void,
  ): void;
}

/** Where firmata-io reads and writes. */
export interface Transport extends EventEmitter {
  write(bytes: Buffer, done?: () => void): unknown;
}

/** firmata-io, talking over a transport that is open. */
export const FirmataClient = firmata.Firmata as new (transport: Transport) => FirmataBoard;
