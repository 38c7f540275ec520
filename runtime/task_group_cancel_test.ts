// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assertEquals, assertRejects } from "@std/assert";
import {
  CancelledError,
  createTask,
  currentTask,
  Event,
  ExceptionGroup,
  getRunningLoop,
  sleep,
  type Task,
  taskGroup,
} from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";

const now = () => getRunningLoop().time();

async function after<T>(ms: number, value: T): Promise<T> {
  await sleep(ms);
  return value;
}

async function failAfter(ms: number, error: Error): Promise<never> {
  await sleep(ms);
  throw error;
}

/** The messages of a group's errors, nested groups in brackets. */
function messages(error: unknown): string {
  if (!(error instanceof ExceptionGroup)) return (error as Error).message;
  return `[${error.errors.map(messages).join(", ")}]`;
}

/** Runs `group`, which must fail, and gives the messages it failed with. */
async function failure(group: () => PromiseLike<unknown>): Promise<string> {
  try {
    await group();
  } catch (error) {
    return error instanceof CancelledError ? "cancelled" : messages(error);
  }
  return "no failure";
}

Deno.test("taskGroup: cancelled from outside it cancels its children and ends cancelled", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const child = async (name: string) => {
      try {
        await sleep(100);
      } finally {
        log.push(`${name} at ${now()}`);
      }
    };
    const waiting = createTask(() =>
      taskGroup(async (group) => {
        group.createTask(child, "a");
        group.createTask(child, "b");
      })
    );
    await sleep(10);
    waiting.cancel("shut down");
    await assertRejects(() => waiting, CancelledError, "shut down");
    log.push(`cancelled ${waiting.cancelled()}`);
  });
  assertEquals(log, ["a at 10", "b at 10", "cancelled true"]);
});

Deno.test("taskGroup: cancelled from outside while its body waits, body and children see it", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(() =>
      taskGroup(async (group) => {
        group.createTask(async () => {
          try {
            await sleep(100);
          } finally {
            log.push("child");
          }
        });
        try {
          await sleep(50);
        } finally {
          log.push("body");
        }
      })
    );
    await sleep(10);
    task.cancel();
    await assertRejects(() => task, CancelledError);
  });
  assertEquals(log.sort(), ["body", "child"]);
});

Deno.test("taskGroup: cancelled from outside, a child's failure in cleanup is what is thrown", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      const text = await failure(() =>
        taskGroup(async (group) => {
          group.createTask(async () => {
            try {
              await sleep(100);
            } catch {
              throw new Error("cleanup failed");
            }
          });
          await sleep(100);
        })
      );
      log.push(`${text}, requests ${currentTask()?.cancelling()}`);
      await sleep(50);
      log.push("not reached");
    });
    await sleep(10);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    log.push(`ended at ${now()}`);
  });
  assertEquals(log, ["[cleanup failed], requests 1", "ended at 10"]);
});

Deno.test("taskGroup: error_and_cancel - an error and a cancel from outside in one turn are both kept", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const event = new Event();
    const inner = createTask(async () => {
      const text = await failure(() =>
        taskGroup(async (group) => {
          group.createTask(async () => {
            event.set();
            await sleep(0);
            throw new Error("child failed");
          });
          await sleep(1000);
        })
      );
      log.push(`${text}, requests ${currentTask()?.cancelling()}`);
      await sleep(1000);
      log.push("not reached");
    });
    await event.wait();
    assertEquals(inner.cancelling(), 0);
    inner.cancel();
    assertEquals(inner.cancelling(), 1);
    await assertRejects(() => inner, CancelledError);
    log.push(`cancelled ${inner.cancelled()} at ${now()}`);
  });
  assertEquals(log, ["[child failed], requests 1", "cancelled true at 0"]);
});

Deno.test("taskGroup: cancelling_level_preserved - a failed group leaves no cancel request behind", async () => {
  await virtual(async () => {
    assertEquals(
      await failure(() =>
        taskGroup(async (group) => {
          group.createTask(failAfter, 0, new Error("failed"));
        })
      ),
      "[failed]",
    );
    assertEquals(currentTask()?.cancelling(), 0);
    await sleep(0);
  });
});

Deno.test("taskGroup: nested_groups_both_cancelled - each group takes back its own cancel only", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const outer = await failure(() =>
      taskGroup(async (outer) => {
        const inner = await failure(() =>
          taskGroup(async (inner) => {
            inner.createTask(failAfter, 0, new Error("inner"));
            outer.createTask(failAfter, 0, new Error("outer"));
          })
        );
        log.push(`${inner}, requests ${currentTask()?.cancelling()}`);
      })
    );
    log.push(`${outer}, requests ${currentTask()?.cancelling()}`);
    await sleep(0);
  });
  assertEquals(log, ["[inner], requests 1", "[outer], requests 0"]);
});

Deno.test("taskGroup: nested, an inner group's failure is nested in the outer one's", async () => {
  await virtual(async () => {
    const text = await failure(() =>
      taskGroup(async (outer) => {
        outer.createTask(after, 1000, "sibling");
        await taskGroup(async (inner) => {
          inner.createTask(failAfter, 10, new Error("deep"));
        });
      })
    );
    assertEquals([text, now()], ["[[deep]]", 10]);
  });
});

Deno.test("taskGroup: nested, an outer failure cancels the inner group, which adds nothing", async () => {
  await virtual(async () => {
    let inner: Task<string> | undefined;
    const text = await failure(() =>
      taskGroup(async (outer) => {
        outer.createTask(failAfter, 10, new Error("outer child"));
        await taskGroup(async (group) => {
          inner = group.createTask(after, 1000, "inner child");
        });
      })
    );
    assertEquals([text, now(), inner?.cancelled()], ["[outer child]", 10, true]);
  });
});

Deno.test("taskGroup: cancelled again while its children clean up, it still waits for them", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(() =>
      taskGroup(async (group) => {
        group.createTask(async () => {
          try {
            await sleep(100);
          } finally {
            await sleep(20);
            log.push(`child closed at ${now()}`);
          }
        });
      })
    );
    await sleep(10);
    task.cancel();
    await sleep(5);
    task.cancel();
    await assertRejects(() => task, CancelledError);
    log.push(`ended at ${now()}, requests ${task.cancelling()}`);
  });
  assertEquals(log, ["child closed at 30", "ended at 30, requests 2"]);
});

Deno.test("taskGroup: a body that awaits the failing child is cancelled, and the error counts once", async () => {
  const log: string[] = [];
  await virtual(async () => {
    for (const swallow of [false, true]) {
      const text = await failure(() =>
        taskGroup(async (group) => {
          const child = group.createTask(failAfter, 5, new Error("child failed"));
          try {
            await child;
          } catch (error) {
            log.push(`body cancelled ${error instanceof CancelledError}`);
            if (!swallow) throw error;
          }
          await sleep(5);
          return "value";
        })
      );
      log.push(`${text} at ${now()}, requests ${currentTask()?.cancelling()}`);
    }
  });
  assertEquals(log, [
    "body cancelled true",
    "[child failed] at 5, requests 0",
    "body cancelled true",
    "[child failed] at 15, requests 0",
  ]);
});

Deno.test("taskGroup: never leaves a child behind, whatever ends it", async () => {
  await virtual(async () => {
    const ends: ((task: Task<unknown>) => void)[] = [() => {}, (task) => task.cancel()];
    for (const childFails of [false, true]) {
      for (const bodyFails of [false, true]) {
        for (const end of ends) {
          const children: Task<unknown>[] = [];
          const task = createTask(() =>
            taskGroup(async (group) => {
              children.push(group.createTask(after, 30, "slow"));
              if (childFails) children.push(group.createTask(failAfter, 10, new Error("child")));
              await sleep(10);
              if (bodyFails) throw new Error("body");
            })
          );
          await sleep(10);
          end(task);
          await failure(() => task);
          assertEquals(children.every((child) => child.done()), true);
        }
      }
    }
  });
});
