/** Everything at once: a blinking LED, a button that makes a lamp fade, and a serial line that reports. */
import {
  type Board,
  type Button,
  type DigitalOutput,
  type PwmOutput,
  Queue,
  type Serial,
  sleep,
  taskGroup,
  timeout,
  TimeoutError,
} from "awaitio";
import type { Simulation } from "awaitio/simulator";

export default async function main(board: Board) {
  const presses = new Queue<number>(4);
  await taskGroup((group) => {
    group.createTask({ name: "blink" }, blink, board.output("LED1"));
    group.createTask({ name: "button" }, watch, board.button("BTN1"), presses);
    group.createTask({ name: "lamp" }, glow, board.pwm("HEATER1"), presses);
    group.createTask({ name: "echo" }, echo, board.serial("Serial1"));
  });
}

async function blink(led: DigitalOutput) {
  for (;;) {
    led.toggle();
    await sleep(500);
  }
}

async function watch(button: Button, presses: Queue<number>) {
  for await (const press of button.presses()) {
    console.log(`pressed at ${press.time} ms`);
    await presses.put(press.time);
  }
}

/** Fades up on a press; another press within a second and a half keeps it bright. */
async function glow(lamp: PwmOutput, presses: Queue<number>) {
  for (;;) {
    await presses.get();
    await lamp.fade(1, 600);
    for (;;) {
      try {
        await timeout(1500, () => presses.get());
      } catch (error) {
        if (error instanceof TimeoutError) break;
        throw error;
      }
    }
    await lamp.fade(0, 900);
  }
}

async function echo(line: Serial) {
  for await (const text of line) await line.write(`you said ${text}\n`);
}

/** What somebody at the board does; the simulator plays it. */
export async function scenario(sim: Simulation) {
  const terminal = sim.serial("Serial1");
  await sim.sleep(900);
  await sim.press("BTN1", 120);
  await sim.sleep(900);
  terminal.type("hello\n");
  await terminal.expect("you said hello\n");
  await sim.press("BTN1", 120);
  await sim.sleep(3000);
  terminal.type("goodbye\n");
  await terminal.expect("you said goodbye\n");
  await sim.sleep(600);
}
