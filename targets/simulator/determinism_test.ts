import { assert, assertEquals } from "@std/assert";
import { type Board, createTask, getRunningLoop, Queue, sleep, taskGroup, waitFor } from "awaitio";
import {
  type Program,
  type Scenario,
  simulate,
  type SimulationOptions,
  type TraceEvent,
  traceLine,
} from "awaitio/simulator";
import * as blink from "../../examples/blink.ts";
import { type Example, EXAMPLES } from "../../examples/world_test.ts";

/** What a simulation writes to its trace file. */
async function trace(
  { default: program, scenario }: Example,
  options: SimulationOptions = {},
): Promise<string> {
  const lines: string[] = [];
  await simulate(program, scenario ?? null, {
    capture: true,
    ...(scenario === undefined ? { for: 5000 } : {}),
    ...options,
    onEvent: (event) => lines.push(traceLine(event)),
  });
  return lines.join("\n");
}

for (const [name, example] of Object.entries(EXAMPLES)) {
  Deno.test(`determinism: ${name} gives the same trace twice, byte for byte, for each seed`, async () => {
    for (const options of [{}, { seed: 1 }, { seed: 7, bounce: 8, noise: 0.01 }]) {
      const first = await trace(example, options);
      assert(first.split("\n").length > 10);
      assertEquals(await trace(example, options), first);
    }
  });
}

Deno.test("determinism: simulations beside each other do not mix", async () => {
  const alone = await trace(blink);
  assertEquals(await Promise.all([1, 2, 3].map(() => trace(blink, { capture: false }))), [
    alone,
    alone,
    alone,
  ]);
});

/** The order in which eight tasks run that become ready in one turn. */
async function order(seed: number): Promise<string> {
  let names = "";
  await simulate(
    async () => {
      await taskGroup((group) => {
        for (const name of "abcdefgh") {
          group.createTask(async () => {
            await sleep(10);
            names += name;
          });
        }
      });
    },
    null,
    { seed },
  );
  return names;
}

Deno.test("seed: 0 keeps the order within a turn, others shuffle it, each in its own way", async () => {
  assertEquals(await order(0), "abcdefgh");
  const orders = new Set<string>();
  for (let seed = 1; seed <= 20; seed++) {
    const shuffled = await order(seed);
    assertEquals([...shuffled].sort().join(""), "abcdefgh");
    assertEquals(await order(seed), shuffled);
    orders.add(shuffled);
  }
  assertEquals(orders.size, 20);
});

Deno.test("seed: shuffles no deadlines and no queue", async () => {
  for (let seed = 1; seed < 10; seed++) {
    const got: number[] = [];
    await simulate(
      async () => {
        const queue = new Queue<number>();
        for (const ms of [30, 10, 20]) {
          createTask(async () => {
            await sleep(ms);
            await queue.put(ms);
            await queue.put(ms + 1);
          });
        }
        for (let i = 0; i < 6; i++) got.push(await queue.get());
      },
      null,
      { seed },
    );
    assertEquals(got, [10, 11, 20, 21, 30, 31]);
  }
});

/** A short line for an event. */
function show(event: TraceEvent): string {
  const what = event.kind === "pin"
    ? `${event.pin} ${event.level}`
    : event.kind === "task"
    ? `${event.name} ${event.state}${event.what === undefined ? "" : ` ${event.what}`}`
    : event.kind === "timer"
    ? `timer ${event.at}`
    : event.kind;
  return `${event.n} at ${event.t}, by ${event.by} because of ${event.cause}: ${what}`;
}

Deno.test("trace: tells what happened, who did it and because of what", async () => {
  const events: string[] = [];
  await simulate(async (board: Board) => {
    const door = board.input("D4");
    await door.rising();
    board.output("LED1").on();
  }, async (sim) => {
    await sim.sleep(100);
    sim.drive("D4", 1);
    await sim.sleep(100);
  }, { onEvent: (event) => events.push(show(event)) });
  assertEquals(
    events,
    [
      "1 at 0, by task 2 because of 0: main started",
      "2 at 0, by task 2 because of 1: main waits D4.rising()",
      "3 at 100, by loop because of 0: timer 100",
      "4 at 100, by scenario because of 3: D4 1",
      "5 at 100, by task 2 because of 4: main resumed D4.rising()",
      "6 at 100, by task 2 because of 5: D13 1",
      "7 at 100, by task 2 because of 5: main finished",
      "8 at 200, by loop because of 3: timer 200",
    ].map((line) => line.replace("waits rising()", "waits D4.rising()")),
  );
});

/** The events that led to an event, the latest first. */
function causes(events: readonly TraceEvent[], from: TraceEvent): string[] {
  const chain: string[] = [];
  for (let event: TraceEvent | undefined = from; event !== undefined;) {
    const { cause }: TraceEvent = event;
    if (event.kind === "pin") chain.push(`${event.pin} ${event.level} at ${event.t}`);
    else if (event.kind === "task") chain.push(`${event.name} ${event.state}`);
    else chain.push(event.kind);
    event = events.find(({ n }) => n === cause);
  }
  return chain;
}

async function causesOfLed(program: Program, scenario: Scenario): Promise<string[]> {
  const events: TraceEvent[] = [];
  await simulate(program, scenario, { onEvent: (event) => events.push(event) });
  const led = events.findLast((event) => event.kind === "pin" && event.pin === "D13")!;
  return causes(events, led);
}

const pressAt100: Scenario = async (sim) => {
  await sim.sleep(100);
  await sim.press("BTN1", 200);
};

Deno.test("causes: lead from the LED through the debouncing back to the button", async () => {
  const chain = await causesOfLed(async (board) => {
    const button = board.button("BTN1");
    await button.pressed();
    board.output("LED1").on();
    await sleep(1000);
  }, pressAt100);
  assertEquals(chain, ["D13 1 at 125", "main resumed", "D2 0 at 100", "timer"]);
});

Deno.test("causes: lead through a stream, a queue and another task", async () => {
  const chain = await causesOfLed(async (board) => {
    const queue = new Queue<number>();
    createTask({ name: "watch" }, async () => {
      for await (const press of board.button("BTN1").presses()) await queue.put(press.time);
    });
    createTask({ name: "lamp" }, async () => {
      const led = board.output("LED1");
      for (;;) {
        await queue.get();
        led.toggle();
      }
    });
    await sleep(1000);
  }, pressAt100);
  assertEquals(chain, [
    "D13 1 at 125",
    "lamp resumed",
    "watch resumed",
    "D2 0 at 100",
    "timer",
  ]);
});

Deno.test("causes: lead into a task that was made because of the button, and out of it", async () => {
  const chain = await causesOfLed(async (board) => {
    await board.button("BTN1").pressed();
    const level = await createTask({ name: "child" }, () => Promise.resolve(1 as const));
    board.output("LED1").write(level);
    await sleep(1000);
  }, pressAt100);
  assertEquals(chain, [
    "D13 1 at 125",
    "main resumed",
    "child finished",
    "child started",
    "main resumed",
    "D2 0 at 100",
    "timer",
  ]);
});

Deno.test("causes: lead from one wire over the program to another, which the world joins", async () => {
  const chain = await causesOfLed(async (board) => {
    board.output("D7").on();
    await board.input("D4").high();
    board.output("LED1").on();
    await sleep(1000);
  }, async (sim) => {
    await sim.until({ D7: 1 });
    await sim.sleep(10);
    sim.drive("D4", sim.level("D7"));
    await sim.sleep(10);
  });
  assertEquals(chain, ["D13 1 at 10", "main resumed", "D4 1 at 10", "timer"]);
});

Deno.test("causes: lead through a time limit that ran out and a callback, back to the button", async () => {
  const chain = await causesOfLed(async (board) => {
    await board.button("BTN1").pressed();
    await waitFor(() => board.input("D4").high(), 50).catch(() => {});
    const led = board.output("LED1");
    getRunningLoop().callLater(10, () => led.on());
    await sleep(1000);
  }, pressAt100);
  assertEquals(chain, [
    "D13 1 at 185",
    "timer",
    "main resumed", // from waitFor, and before it from the wait inside
    "main resumed",
    "timer",
    "main resumed",
    "D2 0 at 100",
    "timer",
  ]);
});

Deno.test("causes: every event comes after what led to it", async () => {
  for (const example of Object.values(EXAMPLES)) {
    for (const line of (await trace(example, { seed: 3 })).split("\n")) {
      const { n, cause } = JSON.parse(line);
      assert(cause < n, line);
    }
  }
});
