// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  CancelledError,
  createTask,
  currentTask,
  Future,
  getRunningLoop,
  shield,
  sleep,
  taskGroup,
  timeout,
  TimeoutError,
} from "awaitio";
import { COMPILED } from "./native.ts";
import { call, now } from "./scope_world_test.ts";
import { virtual } from "../targets/simulator/virtual.ts";

/** Runs `main` and gives the unhandled rejections it left behind that would end the process. */
async function unhandledIn(main: () => Promise<void>): Promise<unknown[]> {
  const seen: unknown[] = [];
  const listen = (event: PromiseRejectionEvent) => {
    if (!event.defaultPrevented) seen.push(event.reason);
    event.preventDefault();
  };
  await virtual(() => sleep(0)); // so that whatever the runtime listens with comes first
  globalThis.addEventListener("unhandledrejection", listen);
  try {
    await virtual(main);
    // The host tells of rejections between two of its own callbacks.
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setTimeout(resolve, 0));
  } finally {
    globalThis.removeEventListener("unhandledrejection", listen);
  }
  return seen;
}

Deno.test("scope: a call never awaited that ends cancelled is no unhandled rejection", async () => {
  const log: string[] = [];
  const unhandled = await unhandledIn(async () => {
    const task = createTask(async () => {
      call(log, "never awaited", 50);
      await call(log, "main", 100);
    });
    await sleep(10);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    const body = async () => {
      call(log, "never awaited either", 50);
      await sleep(100);
    };
    await assertRejects(() => timeout(10, body), TimeoutError);
    await sleep(100);
  });
  assertEquals(unhandled, []);
  assertEquals(log.sort(), [
    "main cancelled at 10",
    "never awaited cancelled at 10",
    "never awaited either cancelled at 20",
  ]);
});

Deno.test("scope: tasks, gathers and groups that end cancelled unseen are no unhandled rejections", async () => {
  const unhandled = await unhandledIn(async () => {
    const task = createTask(() => sleep(100));
    const future = new Future<void>();
    const guard = shield(future);
    await sleep(1);
    task.cancel();
    guard.cancel();
    future.cancel();
    createTask(() =>
      taskGroup(async (group) => {
        group.createTask(() => sleep(100));
      })
    ).cancel();
    await sleep(200);
  });
  assertEquals(unhandled, []);
});

Deno.test("scope: a failed task that is reported is no unhandled rejection of the host as well", async () => {
  const log: string[] = [];
  const unhandled = await unhandledIn(async () => {
    getRunningLoop().setExceptionHandler((_loop, context) => {
      log.push((context.exception as Error).message);
    });
    createTask(async () => {
      throw new Error("told once");
    });
    await sleep(10);
  });
  assertEquals([unhandled, log], [[], ["told once"]]);
});

/** What becomes of an await on a promise that is not ours: only compiled code can leave it. */
const FOREIGN_CAN_BE_LEFT = COMPILED;

Deno.test("scope: native code waits a foreign promise out, and the next await of ours throws", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const foreign = new Promise<string>((resolve) => {
      getRunningLoop().callLater(50, () => resolve("foreign"));
    });
    const task = createTask(async () => {
      log.push(`${await foreign} at ${now()}`);
      await call(log, "next", 100);
    });
    await sleep(10);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    assert(task.cancelled());
  });
  assertEquals(log, FOREIGN_CAN_BE_LEFT ? [] : ["foreign at 50", "next cancelled at 50"]);
});

Deno.test("scope: a cancel that has to wait for something foreign does not keep the loop busy", async () => {
  const idle: string[] = [];
  await virtual(async () => {
    const loop = getRunningLoop();
    const foreign = new Promise<void>((resolve) => void loop.callLater(50, resolve));
    const task = createTask(async () => await foreign);
    await sleep(10);
    task.cancel();
    loop.setIdleHook((deadline) => idle.push(`idle at ${loop.time()} until ${deadline}`));
    await assertRejects(() => task, CancelledError);
    loop.setIdleHook(null);
  });
  assertEquals([...new Set(idle)], FOREIGN_CAN_BE_LEFT ? [] : ["idle at 10 until 50"]);
  assert(idle.length < 5);
});

Deno.test("scope: a foreign promise in a timeout's body is waited out too", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const foreign = () =>
      new Promise<string>((resolve) => {
        getRunningLoop().callLater(50, () => resolve("foreign"));
      });
    const body = async () => {
      log.push(`${await foreign()} at ${now()}`);
      await call(log, "next", 100);
    };
    await assertRejects(() => timeout(10, body), TimeoutError);
    log.push(`timed out at ${now()}`);
  });
  assertEquals(
    log,
    FOREIGN_CAN_BE_LEFT
      ? ["timed out at 10"]
      : ["foreign at 50", "next cancelled at 50", "timed out at 50"],
  );
});

Deno.test("signal: aborts with the task's cancel, and so ends what is foreign", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      const signal = currentTask()!.signal;
      log.push(`aborted ${signal.aborted}`);
      await new Promise<void>((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          log.push(`abort at ${now()}`);
          reject(signal.reason);
        });
      });
    });
    await sleep(10);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    log.push(`cancelled ${task.cancelled()} at ${now()}`);
  });
  assertEquals(log, ["aborted false", "abort at 10", "cancelled true at 10"]);
});

Deno.test("signal: in a timeout's body aborts when that expires, outside of it does not", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const outside = currentTask()!.signal;
    const body = async () => {
      const signal = currentTask()!.signal;
      await new Promise<void>((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    };
    await assertRejects(() => timeout(10, body), TimeoutError);
    log.push(`timed out at ${now()}, outside aborted ${outside.aborted}`);
    log.push(`now aborted ${currentTask()!.signal.aborted}`);
  });
  assertEquals(log, ["timed out at 10, outside aborted false", "now aborted false"]);
});
