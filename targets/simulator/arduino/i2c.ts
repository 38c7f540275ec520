import type { AVRTWI, CPU } from "avr8js";
import type { I2cDevice } from "../driver.ts";

/** How many clocks of SCL each takes. */
const CONDITION = 1;
const BYTE = 9;

/** As many bytes as Arduino's Wire library reads at once. */
const WIRE_BUFFER = 32;

/**
 * Puts devices on the chip's two-wire bus, by their addresses, at the speed that the chip has set.
 *
 * A device gets what was written to it at the stop or repeated start. How much will be read the bus
 * does not say: a device is asked for 32 bytes, the most that Arduino's library reads, and those that
 * the chip does not fetch are dropped.
 */
export function connectI2c(
  cpu: CPU,
  twi: AVRTWI,
  devices: { get(address: number): I2cDevice | undefined },
  clock: number,
): void {
  let device: I2cDevice | undefined;
  let written: number[] | null = null;
  let answer: number[] | null = null;
  const after = (clocks: number, then: () => void): void => {
    cpu.addClockEvent(then, Math.round(clocks * clock / twi.sclFrequency));
  };
  const endTransfer = (): void => {
    if (written !== null) device?.write?.(Uint8Array.from(written));
    [device, written, answer] = [undefined, null, null];
  };
  twi.eventHandler = {
    start: () =>
      after(CONDITION, () => {
        endTransfer();
        twi.completeStart();
      }),
    stop: () =>
      after(CONDITION, () => {
        endTransfer();
        twi.completeStop();
      }),
    connectToSlave: (address, write) =>
      after(BYTE, () => {
        device = devices.get(address);
        if (write && device !== undefined) written = [];
        twi.completeConnect(device !== undefined);
      }),
    writeByte: (byte) =>
      after(BYTE, () => {
        written?.push(byte);
        twi.completeWrite(written !== null);
      }),
    readByte: () =>
      after(BYTE, () => {
        answer ??= Array.from(device?.read?.(WIRE_BUFFER) ?? []);
        twi.completeRead(answer.shift() ?? 0xff);
      }),
  };
}
