import { assertEquals, assertRejects } from "@std/assert";
import {
  CancelledError,
  currentTask,
  getRunningLoop,
  sleep,
  timeout,
  timeoutAt,
  TimeoutError,
} from "awaitio";
import { busy, virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

/** Runs `body`, notes a failure with its time and lets it go on. */
async function telling(log: string[], name: string, body: () => PromiseLike<unknown>) {
  try {
    await body();
  } catch (error) {
    const kind = error instanceof CancelledError
      ? "cancelled"
      : error instanceof TimeoutError
      ? "timed out"
      : String(error);
    log.push(`${name} ${kind} at ${now()}`);
    throw error;
  }
}

/** The part of a limit that the tests keep beyond its body. */
interface Limit {
  when(): number | null;
  expired(): boolean;
  reschedule(time: number | null): void;
}

Deno.test("timeout: nested_timeouts - of two with one deadline only the outer throws TimeoutError", async () => {
  const log: string[] = [];
  await virtual(async () => {
    let limits: Limit[] = [];
    const inner = (outer: Limit) => () =>
      timeoutAt(10, async (limit) => {
        limits = [outer, limit];
        await sleep(100);
      });
    await assertRejects(
      () => timeoutAt(10, (outer) => telling(log, "inner", inner(outer))),
      TimeoutError,
    );
    log.push(`expired ${limits.map((limit) => limit.expired())} at ${now()}`);
    log.push(`requests ${currentTask()?.cancelling()}`);
  });
  assertEquals(log, ["inner cancelled at 10", "expired true,true at 10", "requests 0"]);
});

Deno.test("timeout: nested_timeouts_concurrent - the outer one, due first, ends the inner body too", async () => {
  const log: string[] = [];
  await virtual(async () => {
    let kept: Limit | undefined;
    const inner = () =>
      timeout(100, async (limit) => {
        kept = limit;
        await sleep(1000);
      });
    await assertRejects(() => timeout(2, () => telling(log, "inner", inner)), TimeoutError);
    log.push(`inner expired ${kept?.expired()} at ${now()}`);
    await sleep(200);
  });
  assertEquals(log, ["inner cancelled at 2", "inner expired false at 2"]);
});

Deno.test("timeout: nested_timeouts_loop_busy - both run out while the loop is busy: the outer wins", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const body = async () => {
      const inner = () =>
        timeout(10, async () => {
          busy(100);
          await sleep(1000);
        });
      await telling(log, "inner", inner);
      log.push("not reached");
      await sleep(1000);
    };
    await assertRejects(() => timeout(100, body), TimeoutError);
    log.push(`requests ${currentTask()?.cancelling()} at ${now()}`);
    await sleep(1);
  });
  assertEquals(log, ["inner cancelled at 100", "requests 0 at 100"]);
});

Deno.test("timeout: nested, the inner one expires alone and the outer body goes on to its own limit", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const body = async () => {
      await assertRejects(() => timeout(10, () => sleep(1000)), TimeoutError);
      log.push(`inner at ${now()}`);
      await sleep(1000);
    };
    await assertRejects(() => timeout(100, body), TimeoutError);
    log.push(`outer at ${now()}`);
  });
  assertEquals(log, ["inner at 10", "outer at 100"]);
});

Deno.test("timeout: nested_timeout_in_finally - cleanup after an expiry can have a limit of its own", async () => {
  const log: string[] = [];
  await virtual(async () => {
    await assertRejects(
      () =>
        timeout(10, async () => {
          try {
            await sleep(100);
          } finally {
            await assertRejects(() => timeout(10, () => sleep(100)), TimeoutError);
            log.push(`cleanup cut off at ${now()}`);
          }
        }),
      TimeoutError,
    );
    log.push(`over at ${now()}`);
  });
  assertEquals(log, ["cleanup cut off at 20", "over at 20"]);
});
