/**
 * The function by which the size of compiled code is told: a loop with `try`, `catch` and `finally`, as a device has
 * them. It is read as text, by `sizes.ts`.
 *
 * @module
 */

/** What it talks to. */
interface Sensor {
  read(channel: number): Promise<number>;
  reset(channel: number): Promise<void>;
  release(): Promise<void>;
}

/** Adds up what the channels of a sensor read. */
export async function readAll(sensor: Sensor, channels: number): Promise<number> {
  let total = 0;
  for (let channel = 0; channel < channels; channel++) {
    try {
      total += await sensor.read(channel);
    } catch (error) {
      console.log(`Cannot read channel ${channel}`, error);
      await sensor.reset(channel);
    } finally {
      await sensor.release();
    }
  }
  return total;
}
