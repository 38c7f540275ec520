/**
 * The bytes of the Firmata protocol that the link has to know. Messages are MIDI's: a command has its highest bit set,
 * data bytes have not; a sysex message runs from `START_SYSEX` to `END_SYSEX`.
 *
 * @see https://github.com/firmata/protocol
 * @module
 */

/** The speed on the line, in bits a second. */
export const BAUD_RATE = 57_600;

/** Commands whose low four bits are a port, a channel or a pin. */
export const DIGITAL_MESSAGE = 0x90;
export const REPORT_ANALOG = 0xc0;
export const REPORT_DIGITAL = 0xd0;
export const ANALOG_MESSAGE = 0xe0;

export const START_SYSEX = 0xf0;
export const SET_PIN_MODE = 0xf4;
export const SET_DIGITAL_PIN_VALUE = 0xf5;
export const END_SYSEX = 0xf7;
export const REPORT_VERSION = 0xf9;
export const SYSTEM_RESET = 0xff;

/** Sysex commands. */
export const SYSEX = {
  serial: 0x60,
  extendedAnalog: 0x6f,
  servoConfig: 0x70,
  string: 0x71,
  i2cRequest: 0x76,
  i2cReply: 0x77,
  i2cConfig: 0x78,
  firmware: 0x79,
  samplingInterval: 0x7a,
} as const;

/** The mode of an I2C request, in its fourth byte. */
export const I2C_MODE = { mask: 0x18, continuousRead: 0x10, stopReading: 0x18 } as const;

/** The kind of a serial message, in the high four bits of its first data byte. */
export const SERIAL_KIND = { config: 0x10, read: 0x30, close: 0x50, listen: 0x70 } as const;

/** What a serial read asks for: to end it. */
export const STOP_READING = 1;

/** The message that a command byte begins: channel messages without their low four bits. */
export function messageOf(command: number): number {
  return command < START_SYSEX ? command & 0xf0 : command;
}

/** Bytes as Firmata sends them: each as two of seven bits, the low one first. */
export function toSevenBits(bytes: ArrayLike<number>): number[] {
  return Array.from(bytes).flatMap((byte) => [byte & 0x7f, byte >> 7]);
}

/** What {@linkcode toSevenBits} was given. */
export function fromSevenBits(data: Uint8Array): Uint8Array {
  return Uint8Array.from(
    { length: data.length >> 1 },
    (_, i) => data[2 * i]! | data[2 * i + 1]! << 7,
  );
}
