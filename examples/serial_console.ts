/**
 * A console on a serial line: `on LED1`, `off LED1`, `blink LED2 200`, `status`, `help`. What it does not
 * understand is answered with what it would.
 */
import { type Board, type DigitalOutput, type Serial, sleep, type Task, taskGroup } from "awaitio";
import type { Simulation } from "awaitio/simulator";

const HELP = "commands: on LED, off LED, blink LED [ms], status, help";

class CommandError extends Error {}

export default async function main(board: Board) {
  const line = board.serial("Serial1", { baudRate: 9600 });
  const leds = ["LED1", "LED2", "LED3"].filter((name) => name in board.spec.roles);
  const outputs = new Map(leds.map((name) => [name, board.output(name)]));
  const blinking = new Map<DigitalOutput, Task<void>>();

  await taskGroup(async (group) => {
    const find = (name = "") => {
      const led = outputs.get(name.toUpperCase());
      if (led === undefined) {
        throw new CommandError(`no LED "${name}"; there is ${leds.join(", ")}`);
      }
      blinking.get(led)?.cancel();
      blinking.delete(led);
      return led;
    };
    const obey = (command: string, name?: string, period = "500") => {
      switch (command) {
        case "on":
          return find(name).on();
        case "off":
          return find(name).off();
        case "blink": {
          const ms = Number(period);
          if (!(ms > 0)) throw new CommandError(`"${period}" is no number of milliseconds`);
          const led = find(name);
          blinking.set(led, group.createTask({ name: `blink ${name}` }, blink, led, ms));
          return;
        }
        case "status":
          return leds.map((led) => `${led} ${outputs.get(led)!.isOn ? "on" : "off"}`).join(", ");
        case "help":
          return HELP;
        default:
          throw new CommandError(`unknown command "${command}"; ${HELP}`);
      }
    };
    await serve(line, obey);
  });
}

async function serve(
  line: Serial,
  obey: (command: string, ...args: string[]) => string | void,
) {
  for await (const text of line) {
    const [command, ...args] = text.trim().split(/\s+/);
    if (command === undefined || command === "") continue;
    let answer: string;
    try {
      answer = obey(command, ...args) ?? "ok";
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      answer = `error: ${error.message}`;
    }
    await line.write(`${answer}\n`);
  }
}

async function blink(led: DigitalOutput, period: number) {
  for (;;) {
    led.toggle();
    await sleep(period);
  }
}

/** What somebody at a terminal types; the simulator plays it. */
export async function scenario(sim: Simulation) {
  const terminal = sim.serial("Serial1");
  await sim.sleep(100);
  for (const command of ["help", "on LED1", "blink LED2 200", "on LED9", "dance", "status"]) {
    terminal.type(`${command}\n`);
    await terminal.expect("\n");
    await sim.sleep(700);
  }
  terminal.type("off LED1\n");
  await terminal.expect("ok");
  await sim.sleep(500);
}
