/**
 * One button, three gestures: a press toggles LED1, a double press makes it blink, a long press switches
 * it off. The button is debounced by the board.
 */
import { type Board, type Button, type DigitalOutput, sleep, TimeoutError, waitFor } from "awaitio";
import type { Simulation } from "awaitio/simulator";

/** A press held this long is a long one, in milliseconds. */
const LONG = 600;
/** A second press within this time makes a double press. */
const DOUBLE = 250;

type Gesture = "press" | "double press" | "long press";

export default async function main(board: Board) {
  const button = board.button("BTN1", { debounce: 20 });
  const led = board.output("LED1");
  for (;;) {
    const gesture = await nextGesture(button);
    console.log(gesture);
    if (gesture === "press") led.toggle();
    else if (gesture === "double press") await blink(led, 3);
    else led.off();
  }
}

async function nextGesture(button: Button): Promise<Gesture> {
  await button.pressed();
  if (!await within(LONG, () => button.released())) {
    await button.released();
    return "long press";
  }
  if (!await within(DOUBLE, () => button.pressed())) return "press";
  await button.released();
  return "double press";
}

/** Whether something happens within a time limit. */
async function within(ms: number, wait: () => PromiseLike<void>): Promise<boolean> {
  try {
    await waitFor(wait, ms);
    return true;
  } catch (error) {
    if (error instanceof TimeoutError) return false;
    throw error;
  }
}

async function blink(led: DigitalOutput, times: number) {
  for (let i = 0; i < times; i++) {
    await led.pulse(80);
    await sleep(80);
  }
}

/** What somebody at the board does; the simulator plays it. */
export async function scenario(sim: Simulation) {
  await sim.sleep(500);
  await sim.press("BTN1", 100);
  await sim.sleep(1500);
  await sim.press("BTN1", 100);
  await sim.sleep(100);
  await sim.press("BTN1", 100);
  await sim.sleep(2000);
  await sim.press("BTN1", 1000);
  await sim.sleep(1000);
}
