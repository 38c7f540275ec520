import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { EventEmitter } from "node:events";
import { EmulatedArduino } from "./board.ts";
import { type FirmataBoard, FirmataClient, type Transport } from "./firmata_io.ts";

/** The serial line between firmata-io and the emulated board. */
class Line extends EventEmitter implements Transport {
  constructor(private readonly board: EmulatedArduino) {
    super();
    board.onSerial = (byte) => this.emit("data", Buffer.of(byte));
  }

  write(bytes: Buffer, done?: () => void): void {
    this.board.receive(bytes);
    done?.();
  }
}

/** Lets the board run, a few ms a macrotask, until something is so. */
async function until(board: EmulatedArduino, what: () => boolean): Promise<void> {
  for (const end = board.milliseconds + 5000; !what();) {
    if (board.milliseconds > end) throw new Error(`Never came: ${what}`);
    board.runUntil(board.milliseconds + 5);
    await new Promise((resolve) => setTimeout(resolve));
  }
}

function connect(): { board: EmulatedArduino; client: FirmataBoard; ready: () => number } {
  const board = new EmulatedArduino();
  const client = new FirmataClient(new Line(board));
  let times = 0;
  client.on("ready", () => times++);
  return { board, client, ready: () => times };
}

Deno.test("firmata-io finds the emulated board ready, and its pins", async () => {
  const { board, client, ready } = connect();
  await until(board, () => ready() === 1);
  assertEquals(client.firmware.name, "node_pixel_firmata.ino");
  assertEquals(client.pins.length, 20);
  const { MODES } = client;
  assertEquals(client.pins[3]!.supportedModes.includes(MODES["PWM"]!), true);
  assertEquals(client.pins[4]!.supportedModes.includes(MODES["PWM"]!), false);
});

Deno.test("firmata-io reads and writes the emulated board's pins", async () => {
  const { board, client, ready } = connect();
  await until(board, () => ready() === 1);
  const { MODES } = client;
  const button: number[] = [];
  const sensor: number[] = [];

  client.pinMode(2, MODES["PULLUP"]!);
  client.digitalRead(2, (value) => button.push(value));
  await until(board, () => button.length === 1);
  board.setLevel("D2", 0);
  await until(board, () => button.length === 2);
  assertEquals(button, [1, 0]);

  board.setAnalog("A1", 0.25);
  client.analogRead(1, (value) => sensor.push(value));
  await until(board, () => sensor.length === 2);
  assertEquals(sensor, [256, 256]);

  client.pinMode(13, MODES["OUTPUT"]!);
  client.digitalWrite(13, 1);
  await until(board, () => board.pin("D13").level === 1);

  client.pinMode(5, MODES["PWM"]!);
  client.pwmWrite(5, 127);
  await until(board, () => board.pin("D5").mode === "pwm");
  assertEquals(board.pin("D5").wave!.duty, 0.5);

  client.pinMode(9, MODES["SERVO"]!);
  client.servoWrite(9, 90);
  await until(board, () => board.pulse("D9") !== null);
  assertAlmostEquals(board.pulse("D9")!.high, 1.472, 0.01);
});

Deno.test("firmata-io talks to a device on the emulated board's I2C bus", async () => {
  const { board, client, ready } = connect();
  const registers = [0, 0, 0x12, 0x34];
  let chosen = 0;
  board.attachI2c(0x40, {
    write: ([register, ...values]) => {
      chosen = register!;
      for (const [i, value] of values.entries()) registers[chosen + i] = value;
    },
    read: () => registers.slice(chosen),
  });
  await until(board, () => ready() === 1);
  client.i2cConfig();
  client.i2cWrite(0x40, [1, 0xab]);
  await until(board, () => registers[1] === 0xab);
  let answer: number[] = [];
  client.i2cReadOnce(0x40, 1, 3, (bytes) => answer = bytes);
  await until(board, () => answer.length > 0);
  assertEquals(answer, [0xab, 0x12, 0x34]);
});

Deno.test("firmata-io hears that the emulated board was reset", async () => {
  const { board, client, ready } = connect();
  await until(board, () => ready() === 1);
  let versions = 0;
  client.on("reportversion", () => versions++);
  board.reset();
  await until(board, () => versions === 1);
});
