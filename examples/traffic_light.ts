/**
 * A traffic light with a button for pedestrians. LED1 is red, LED2 yellow, LED3 green. A long press of the
 * button is the emergency vehicle: it cancels whatever the light is doing, all stop at red, and then the
 * program begins anew.
 */
import {
  type Board,
  type Button,
  CancelledError,
  type DigitalOutput,
  Event,
  sleep,
  taskGroup,
  TimeoutError,
  waitFor,
} from "awaitio";
import type { Simulation } from "awaitio/simulator";

const GREEN = 8000;
/** Pedestrians do not wait longer than this once the cars have had their share. */
const SHORTEST_GREEN = 2000;
const YELLOW = 1000;
const RED = 3000;
const EMERGENCY = 4000;
const LONG_PRESS = 1000;

class Emergency extends Error {}

interface Light {
  readonly red: DigitalOutput;
  readonly yellow: DigitalOutput;
  readonly green: DigitalOutput;
}

export default async function main(board: Board) {
  const button = board.button("BTN1");
  const light: Light = {
    red: board.output("LED1"),
    yellow: board.output("LED2"),
    green: board.output("LED3"),
  };
  for (;;) {
    const walk = new Event();
    try {
      await taskGroup((group) => {
        group.createTask({ name: "cycle" }, cycle, light, walk);
        group.createTask({ name: "button" }, watchButton, button, walk);
      });
    } catch (error) {
      if (!(error instanceof AggregateError && error.errors[0] instanceof Emergency)) throw error;
      console.log("emergency: all stop");
      show(light, "red");
      await button.released();
      await sleep(EMERGENCY);
    }
  }
}

/** Green until a pedestrian asks or the cars' time is over, yellow, red, and again. */
async function cycle(light: Light, walk: Event) {
  try {
    for (;;) {
      show(light, "green");
      await sleep(SHORTEST_GREEN);
      await waitFor(() => walk.wait(), GREEN - SHORTEST_GREEN).catch(unlessLate);
      show(light, "yellow");
      await sleep(YELLOW);
      show(light, "red");
      if (walk.isSet()) console.log("walk");
      walk.clear();
      await sleep(RED);
    }
  } catch (error) {
    // Whatever it was in the middle of, the cars see yellow before anything else.
    if (error instanceof CancelledError) show(light, "yellow");
    throw error;
  }
}

async function watchButton(button: Button, walk: Event): Promise<never> {
  for (;;) {
    await button.pressed();
    try {
      await waitFor(() => button.released(), LONG_PRESS);
    } catch (error) {
      if (error instanceof TimeoutError) throw new Emergency();
      throw error;
    }
    walk.set();
  }
}

function show(light: Light, colour: keyof Light) {
  for (const [name, led] of Object.entries(light)) {
    if (name === colour) led.on();
    else led.off();
  }
}

function unlessLate(error: unknown) {
  if (!(error instanceof TimeoutError)) throw error;
}

/** A pedestrian, and later an ambulance; the simulator plays them. */
export async function scenario(sim: Simulation) {
  await sim.sleep(1000);
  await sim.press("BTN1", 200);
  await sim.sleep(9000);
  await sim.press("BTN1", 1500);
  await sim.sleep(8000);
}
