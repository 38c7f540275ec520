/**
 * Keeps a room warm: reads the temperature ten times a second, heats with a band of hysteresis around the
 * target so that the heater does not chatter, and ramps the heater's power instead of switching it hard.
 */
import { type AnalogInput, type Board, createTask, type PwmOutput, sleep, Ticker } from "awaitio";
import type { Simulation } from "awaitio/simulator";

/** The sensor reads 0 at 0 °C and full scale at 50 °C. */
const FULL_SCALE = 50;
const TARGET = 21;
/** Heats below the target less half of this, rests above the target and half of this. */
const BAND = 1;

const degrees = (value: number) => value * FULL_SCALE;
const reading = (celsius: number) => celsius / FULL_SCALE;

export default async function main(board: Board) {
  const sensor = board.analog("SENSOR1");
  const heater = board.pwm("HEATER1", { frequency: 100 });
  const working = board.output("LED1");

  createTask({ name: "report" }, report, sensor, heater);
  const options = { hysteresis: reading(BAND), period: 100 };
  for (;;) {
    await sensor.below(reading(TARGET), options);
    working.on();
    await heater.fade(1, 2000, { period: 100 });
    await sensor.above(reading(TARGET), options);
    working.off();
    await heater.fade(0, 2000, { period: 100 });
  }
}

async function report(sensor: AnalogInput, heater: PwmOutput) {
  const ticker = new Ticker(10_000, { missed: "skip" });
  for (;;) {
    await ticker.next();
    const celsius = degrees(sensor.value ?? await sensor.read());
    console.log(`${celsius.toFixed(1)} °C, heater at ${Math.round(heater.duty * 100)} %`);
    await sleep(0);
  }
}

/** A room that loses warmth to the cold outside; the simulator plays it. */
export async function scenario(sim: Simulation) {
  let celsius = 19;
  sim.analog("SENSOR1", () => reading(celsius));
  const seconds = new Ticker(100);
  for (let i = 0; i < 1200; i++) {
    await seconds.next();
    celsius += (sim.duty("HEATER1") * 0.35 - 0.1) / 10 * (1 + (celsius - 21) * -0.02);
  }
}
