import { assertEquals } from "@std/assert";
import { Session } from "./session.ts";

/** What a board that restarted is told again after these messages. */
function replayed(...messages: (readonly number[])[]): number[][] {
  const session = new Session();
  for (const message of messages) session.note(Uint8Array.from(message));
  return session.replay().map((message) => [...message]);
}

Deno.test("Session says modes, levels and duties again, the latest word for each", () => {
  const mode = [0xf4, 13, 1];
  const high = [0x91, 0x20, 0];
  const low = [0x91, 0, 0];
  const pwm = [0xe3, 64, 1];
  assertEquals(replayed(mode, high, pwm, low), [mode, pwm, low]);
  assertEquals(replayed([0xf4, 13, 0], high, mode), [high, mode]);
});

Deno.test("Session says again what is reported, and no more what is not", () => {
  assertEquals(replayed([0xd0, 1], [0xc2, 1], [0xd0, 0]), [[0xc2, 1]]);
});

Deno.test("Session says again how lines, servos and sampling are set up", () => {
  const i2c = [0xf0, 0x78, 0, 0, 0xf7];
  const sampling = [0xf0, 0x7a, 50, 0, 0xf7];
  const servo = [0xf0, 0x70, 9, 32, 4, 96, 18, 0xf7];
  const serial = [0xf0, 0x60, 0x11, 0, 75, 0, 0xf7];
  const read = [0xf0, 0x60, 0x31, 0, 0xf7];
  assertEquals(replayed(i2c, sampling, servo, serial, read), [i2c, sampling, servo, serial, read]);
  assertEquals(replayed(serial, read, [0xf0, 0x60, 0x31, 1, 0xf7]), [serial]);
  assertEquals(replayed(serial, read, [0xf0, 0x60, 0x51, 0xf7]), []);
});

Deno.test("Session says continuous reads of an I2C device again until they are stopped", () => {
  const read = (register: number) => [0xf0, 0x76, 0x48, 0x10, register, 0, 2, 0, 0xf7];
  assertEquals(replayed(read(1), read(2), read(1)), [read(2), read(1)]);
  assertEquals(replayed(read(1), read(2), [0xf0, 0x76, 0x48, 0x18, 0xf7]), []);
});

Deno.test("Session says nothing again that happens once", () => {
  const write = [0xf0, 0x76, 0x48, 0, 1, 0, 0xf7];
  const readOnce = [0xf0, 0x76, 0x48, 8, 2, 0, 0xf7];
  const query = [0xf0, 0x6d, 13, 0xf7];
  assertEquals(replayed(write, readOnce, query, [0xf9]), []);
});

Deno.test("Session forgets everything when the board is reset on purpose", () => {
  assertEquals(replayed([0xf4, 13, 1], [0xff]), []);
});
