import { assertEquals } from "@std/assert";
import { simulate, type Simulation } from "awaitio/simulator";
import main, { scenario } from "./serial_console.ts";

const HELP = "commands: on LED, off LED, blink LED [ms], status, help";

/** Types commands and gives the answers, a line each. */
async function ask(sim: Simulation, ...commands: string[]): Promise<string[]> {
  const terminal = sim.serial("Serial1");
  const answers: string[] = [];
  for (const command of commands) {
    terminal.type(`${command}\n`);
    answers.push((await terminal.expect("\n")).trimEnd());
  }
  return answers;
}

/** Checks the answers to commands. */
async function conversation(...lines: (readonly [command: string, answer: string])[]) {
  await simulate(main, async (sim) => {
    const answers = await ask(sim, ...lines.map(([command]) => command));
    assertEquals(answers, lines.map(([, answer]) => answer));
  });
}

Deno.test("console: on and off switch LEDs, status tells", async () => {
  await simulate(main, async (sim) => {
    assertEquals(
      await ask(sim, "on LED1", "on LED3", "off LED1", "on LED2", "off LED2", "status"),
      [
        ..."ok ok ok ok ok".split(" "),
        "LED1 off, LED2 off, LED3 on",
      ],
    );
    sim.expect({ LED1: 0, LED2: 0, LED3: 1 });
  });
});

Deno.test("console: names may be small, words apart, lines end as on any terminal", async () => {
  await conversation(
    ["on led1", "ok"],
    ["  on   LED2  ", "ok"],
    ["status\r", "LED1 on, LED2 on, LED3 off"],
    ["\n\r\n  \nhelp", HELP], // empty lines get no answer
  );
});

Deno.test("console: what it does not understand is answered with what it would", async () => {
  await conversation(
    ["dance", `error: unknown command "dance"; ${HELP}`],
    ["ON LED1", `error: unknown command "ON"; ${HELP}`],
    ["on LED9", 'error: no LED "LED9"; there is LED1, LED2, LED3'],
    ["on", 'error: no LED ""; there is LED1, LED2, LED3'],
    ["off constructor", 'error: no LED "constructor"; there is LED1, LED2, LED3'],
    ["blink LED1 fast", 'error: "fast" is no number of milliseconds'],
    ["blink LED1 0", 'error: "0" is no number of milliseconds'],
    ["blink LED1 -5", 'error: "-5" is no number of milliseconds'],
    ["blink LED9 100", 'error: no LED "LED9"; there is LED1, LED2, LED3'],
    ["grüße 🙂", `error: unknown command "grüße"; ${HELP}`],
    ["status", "LED1 off, LED2 off, LED3 off"],
  );
});

Deno.test("console: blink toggles an LED at its period until the LED is told otherwise", async () => {
  let began = 0;
  const sim = await simulate(main, async (sim) => {
    await ask(sim, "blink LED1 200");
    began = sim.history("LED1")[0]!.time;
    await sim.sleep(500);
    assertEquals(await ask(sim, "off LED1"), ["ok"]);
    await sim.sleep(1000);
  });
  const edges = sim.history("LED1").map(({ level, time }) => `${level} at ${time - began}`);
  assertEquals(edges.slice(0, 3), ["1 at 0", "0 at 200", "1 at 400"]);
  assertEquals(edges.length, 4);
  assertEquals(sim.isOn("LED1"), false);
});

Deno.test("console: blink again changes the period, and does not blink twice", async () => {
  const sim = await simulate(main, async (sim) => {
    await ask(sim, "blink LED1 50", "blink LED1 400");
    await sim.sleep(2000);
  });
  const times = sim.history("LED1").map(({ time }) => time);
  const last = times.slice(-4);
  assertEquals(last.slice(1).map((time, i) => time - last[i]!), [400, 400, 400]);
});

Deno.test("console: blinks twice a second unless told, several LEDs beside each other", async () => {
  const sim = await simulate(main, async (sim) => {
    await ask(sim, "blink LED1", "blink LED2 250", "blink LED3 100");
    await sim.sleep(2000);
  });
  const periods = ["LED1", "LED2", "LED3"].map((led) => {
    const [first, second] = sim.history(led);
    return Math.round(second!.time - first!.time);
  });
  assertEquals(periods, [500, 250, 100]);
});

Deno.test("console: a bad command leaves a blinking LED alone", async () => {
  await simulate(main, async (sim) => {
    await ask(sim, "blink LED1 100", "blink LED1 often");
    const before = sim.history("LED1").length;
    await sim.sleep(1000);
    assertEquals(sim.history("LED1").length, before + 10);
  });
});

Deno.test("console: commands that come at once are answered one after the other", async () => {
  await simulate(main, async (sim) => {
    const terminal = sim.serial("Serial1");
    terminal.type("on LED1\nstatus\noff LED1\nstatus\n");
    await sim.sleep(1000);
    assertEquals(
      terminal.received,
      "ok\nLED1 on, LED2 off, LED3 off\nok\nLED1 off, LED2 off, LED3 off\n",
    );
  });
});

Deno.test("console: its own scenario ends with all it asked for", async () => {
  const sim = await simulate(main, scenario);
  assertEquals(sim.serial("Serial1").received.split("\n"), [
    HELP,
    "ok",
    "ok",
    'error: no LED "LED9"; there is LED1, LED2, LED3',
    `error: unknown command "dance"; ${HELP}`,
    "LED1 on, LED2 off, LED3 off", // LED2 blinks
    "ok",
    "",
  ]);
});
