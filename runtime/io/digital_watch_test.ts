import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type Board,
  CancelledError,
  createTask,
  DeviceError,
  type DigitalInput,
  gather,
  sleep,
  taskGroup,
  timeout,
  TimeoutError,
  waitFor,
} from "awaitio";
import { simulate, type Simulation } from "awaitio/simulator";

class Mistake extends Error {}

/** Lets errors of these classes pass. */
async function past(
  body: () => PromiseLike<unknown>,
  ...classes: (new (...args: never[]) => Error)[]
) {
  try {
    await body();
  } catch (error) {
    if (!classes.some((each) => error instanceof each)) throw error;
  }
}

async function edges(pin: DigitalInput, body: () => PromiseLike<unknown> | "break") {
  for await (const _edge of pin.edges()) {
    if (await body() === "break") break;
  }
}

/** Ways to stop waiting by 50 ms, in the program's own task; an edge comes at 10 ms. */
const exits: { readonly [exit: string]: (pin: DigitalInput) => PromiseLike<unknown> } = {
  "an edge has come": (pin) => pin.rising(),
  "the level has come": (pin) => pin.high(),
  "a time limit has expired": (pin) => past(() => timeout(30, () => pin.falling()), TimeoutError),
  "waitFor has given up": (pin) =>
    past(async () => await waitFor(() => pin.falling(), 30), TimeoutError),
  "waitFor of the wait itself has given up": (pin) =>
    past(async () => await waitFor(pin.falling(), 30), TimeoutError),
  "the group's other child has failed": (pin) =>
    past(() =>
      taskGroup(async (group) => {
        group.createTask(async () => {
          await sleep(30);
          throw new Mistake();
        });
        await pin.falling();
      }), AggregateError),
  "a gather was cancelled": (pin) =>
    past(async () => {
      const both = gather(() => pin.falling(), () => sleep(1000));
      createTask(async () => {
        await sleep(30);
        both.cancel();
      });
      await both;
    }, CancelledError),
  "its task was cancelled": async (pin) => {
    const task = createTask(() => pin.falling());
    await sleep(30);
    task.cancel();
    await past(async () => await task, CancelledError);
  },
  "a loop over edges was left by break": (pin) => edges(pin, () => "break"),
  "a loop over edges was left by an error": (pin) =>
    past(() => edges(pin, () => Promise.reject(new Mistake())), Mistake),
  "a loop over edges was cancelled in its body": (pin) =>
    past(() => timeout(30, () => edges(pin, () => sleep(1000))), TimeoutError),
  "a loop over edges was cancelled while it waited": (pin) =>
    past(() => timeout(30, () => edges(pin, () => sleep(0))), TimeoutError),
  "a loop over a stream of the caller was cancelled while it waited": (pin) => {
    const stream = pin.edges();
    return past(() =>
      timeout(30, async () => {
        for await (const _edge of stream);
      }), TimeoutError);
  },
  "a stream was closed": async (pin) => {
    const stream = pin.edges();
    await stream.next();
    stream.close();
  },
  "a stream was returned": async (pin) => {
    const stream = pin.edges();
    await stream.next();
    assertEquals(await stream.return(), { done: true, value: undefined });
  },
  "the block that uses a stream was left": async (pin) => {
    using stream = pin.edges();
    await stream.next();
  },
  "the body of a timeout that opened a stream has ended": (pin) =>
    timeout(1000, async () => {
      await pin.edges().next();
    }),
  "the body of a group that opened a stream has ended": (pin) =>
    taskGroup(async () => {
      await pin.edges().next();
    }),
  "the task that opened a stream has ended": async (pin) => {
    await createTask(async () => {
      await pin.edges().next();
    });
  },
  "the pin was closed": async (pin) => {
    pin.edges();
    await pin.rising();
    pin.close();
  },
};

for (const [exit, leave] of Object.entries(exits)) {
  Deno.test(`watch: is given back when ${exit}`, async () => {
    const watched: string[] = [];
    const look = (sim: Simulation) => watched.push(`${sim.time}: ${sim.isWatched("D4")}`);
    await simulate(async (board: Board) => {
      const pin = board.input("D4");
      await leave(pin);
      await sleep(1000);
    }, async (sim) => {
      await sim.sleep(5);
      look(sim);
      await sim.sleep(5);
      sim.drive("D4", 1);
      await sim.sleep(40);
      look(sim);
    });
    assertEquals(watched, ["5: true", "50: false"]);
  });
}

Deno.test("watch: is kept while one of two waits goes on", async () => {
  const watched: boolean[] = [];
  await simulate(async (board: Board) => {
    const pin = board.input("D4");
    const first = createTask(() => pin.falling());
    const second = createTask(() => pin.rising());
    await sleep(10);
    first.cancel();
    await sleep(20);
    second.cancel();
    await sleep(1000);
  }, async (sim) => {
    for (let i = 0; i < 3; i++) {
      await sim.sleep(9);
      watched.push(sim.isWatched("D4"));
    }
    await sim.sleep(9);
    watched.push(sim.isWatched("D4"));
  });
  assertEquals(watched, [true, true, true, false]);
});

Deno.test("watch: is given back when the board is closed, and who waits is told", async () => {
  const log: unknown[] = [];
  const told = async (wait: () => PromiseLike<unknown>) => {
    try {
      await wait();
      log.push("went on");
    } catch (error) {
      log.push(error instanceof DeviceError ? error.message : error);
    }
  };
  await simulate(async (board: Board) => {
    const pin = board.input("D4");
    createTask(told, () => pin.rising());
    createTask(told, () => pin.high());
    createTask(told, async () => {
      for await (const _edge of pin.edges());
    });
    await sleep(10);
    board.close();
    await sleep(1000);
  }, async (sim) => {
    await sim.sleep(5);
    log.push(sim.isWatched("D4"));
    await sim.sleep(10);
    log.push(sim.isWatched("D4"));
  });
  assertEquals(log, [
    true,
    "went on", // a stream ends
    'Cannot use pin "D4": it is closed',
    'Cannot use pin "D4": it is closed',
    false,
  ]);
});

Deno.test("watch: is given back when the simulation has ended", async () => {
  const sim = await simulate(
    async (board: Board) => {
      const pin = board.input("D4");
      createTask(() => pin.change());
      for await (const _edge of pin.edges());
    },
    null,
    { for: 100 },
  );
  assertEquals(sim.isWatched("D4"), false);
});

Deno.test("a closed input refuses what would wait for ever", async () => {
  await simulate(async (board: Board) => {
    const pin = board.input("D4");
    pin.close();
    const uses = [
      () => pin.rising(),
      () => pin.falling(),
      () => pin.change(),
      () => pin.high(),
      () => pin.low(),
      () => pin.edges(),
      () => pin.read(),
    ];
    for (const use of uses) {
      assertThrows(use, DeviceError, 'Cannot use pin "D4": it is closed');
    }
    await assertRejects(async () => await pin.high(), DeviceError);
  });
});

Deno.test("closing an input again does not take the pin from who has opened it since", async () => {
  const sim = await simulate((board: Board) => {
    const pin = board.input("D4");
    pin.close();
    const lamp = board.output("D4");
    pin.close();
    lamp.on();
    assertEquals(board.output("D4"), lamp);
  });
  assertEquals(sim.level("D4"), 1);
});
