// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  CancelledError,
  createTask,
  currentTask,
  ExceptionGroup,
  Future,
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

Deno.test("taskGroup: ends after its children and gives what its body gives", async () => {
  await virtual(async () => {
    const children: Task<number>[] = [];
    const value = await taskGroup(async (group) => {
      children.push(group.createTask(after, 10, 42));
      await sleep(15);
      children.push(group.createTask(() => after(20, 11)));
      return "body";
    });
    assertEquals([value, now(), ...children.map((child) => child.result())], ["body", 35, 42, 11]);
  });
});

Deno.test("taskGroup: its body runs in the caller's task, children in theirs, with names", async () => {
  await virtual(async () => {
    const main = currentTask();
    await taskGroup(async (group) => {
      assert(currentTask() === main);
      const child: Task<void> = group.createTask({ name: "blink" }, async () => {
        assert(currentTask() === child && child !== main);
      });
      assertEquals(child.getName(), "blink");
    });
  });
});

Deno.test("taskGroup: a child may add children after the body has ended", async () => {
  const log: string[] = [];
  await virtual(async () => {
    await taskGroup(async (group) => {
      group.createTask(async () => {
        await sleep(10);
        group.createTask(async () => {
          await sleep(10);
          log.push(`grandchild done at ${now()}`);
        });
      });
      log.push("body ends");
    });
    log.push(`group ends at ${now()}`);
  });
  assertEquals(log, ["body ends", "grandchild done at 20", "group ends at 20"]);
});

Deno.test("taskGroup: a cancelled child is no failure", async () => {
  await virtual(async () => {
    await taskGroup(async (group) => {
      const dropped = group.createTask(after, 100, 1);
      const kept = group.createTask(after, 20, 2);
      await sleep(10);
      dropped.cancel();
      assertEquals(await kept, 2);
      assert(dropped.cancelled());
    });
    assertEquals(now(), 20);
  });
});

Deno.test("taskGroup: a failing child cancels its siblings and the body, and waits for their cleanup", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const task = createTask(async () => {
      log.push(
        await failure(() =>
          taskGroup(async (group) => {
            group.createTask(failAfter, 10, new Error("sensor gone"));
            group.createTask(async () => {
              try {
                await sleep(100);
              } finally {
                await sleep(5);
                log.push(`sibling closed at ${now()}`);
              }
            });
            try {
              await sleep(100);
            } catch (error) {
              log.push(`body ${error instanceof CancelledError} at ${now()}`);
              throw error;
            }
          })
        ),
      );
      await sleep(1);
      log.push(`goes on at ${now()}, requests ${currentTask()?.cancelling()}`);
    });
    await task;
  });
  assertEquals(log, [
    "body true at 10",
    "sibling closed at 15",
    "[sensor gone]",
    "goes on at 16, requests 0",
  ]);
});

Deno.test("taskGroup: a failing body cancels the children", async () => {
  await virtual(async () => {
    const children: Task<number>[] = [];
    const text = await failure(() =>
      taskGroup(async (group) => {
        children.push(group.createTask(after, 100, 1), group.createTask(after, 200, 2));
        await sleep(10);
        throw new Error("body failed");
      })
    );
    assertEquals([text, now()], ["[body failed]", 10]);
    assert(children.every((child) => child.cancelled()));
  });
});

Deno.test("ExceptionGroup: holds the errors in the order in which the children failed", async () => {
  await virtual(async () => {
    const group = await assertRejects(
      () =>
        taskGroup(async (group) => {
          group.createTask(failAfter, 10, new Error("second"));
          group.createTask(failAfter, 5, new Error("first"));
          group.createTask(async () => {
            try {
              await sleep(100);
            } catch {
              await sleep(20);
              throw new TypeError("last");
            }
          });
        }),
      ExceptionGroup,
    );
    assertEquals(messages(group), "[first, last]");
    assert(group instanceof AggregateError && group instanceof Error);
    assertEquals(now(), 25);
  });
});

Deno.test("taskGroup: children that fail in one turn are all in the group", async () => {
  await virtual(async () => {
    const text = await failure(() =>
      taskGroup(async (group) => {
        for (const name of ["a", "b", "c"]) group.createTask(failAfter, 10, new Error(name));
        await sleep(1000);
      })
    );
    assertEquals([text, now()], ["[a, b, c]", 10]);
  });
});

Deno.test("taskGroup: taskgroup_20a - the body's own error in answer to the cancel joins the child's", async () => {
  await virtual(async () => {
    const text = await failure(() =>
      taskGroup(async (group) => {
        group.createTask(failAfter, 10, new Error("crash soon"));
        try {
          await sleep(1000);
        } catch {
          throw new TypeError("body's own");
        }
      })
    );
    assertEquals(text, "[crash soon, body's own]");
    assertEquals(currentTask()?.cancelling(), 0);
  });
});

Deno.test("taskGroup: taskgroup_21a - whatever a child throws, an error of any class, is in the group", async () => {
  await virtual(async () => {
    class Halt extends Error {}
    const group = await assertRejects(
      () =>
        taskGroup(async (group) => {
          group.createTask(failAfter, 10, new Halt("halt"));
          try {
            await sleep(1000);
          } catch {
            throw new TypeError("body's own");
          }
        }),
      ExceptionGroup,
    );
    const errors = (group as ExceptionGroup).errors;
    assert(errors[0] instanceof Halt && errors[1] instanceof TypeError && errors.length === 2);
  });
});

Deno.test("taskGroup: cancels_task_if_created_during_creation - a child added as its sibling fails", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const text = await failure(() =>
      taskGroup(async (group) => {
        group.createTask(async () => {
          group.createTask(async () => {
            throw new Error("third failed");
          });
          try {
            await sleep(0);
            await sleep(0);
            log.push("not reached");
          } catch (error) {
            log.push(`second cancelled ${error instanceof CancelledError}`);
            throw error;
          }
        });
      })
    );
    log.push(text);
  });
  assertEquals(log, ["second cancelled true", "[third failed]"]);
});

Deno.test("taskGroup: refuses new children once one has failed", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const text = await failure(() =>
      taskGroup(async (group) => {
        group.createTask(failAfter, 1, new Error("failed"));
        group.createTask(async () => {
          try {
            await sleep(100);
          } catch (error) {
            assertThrows(() => group.createTask(after, 1, "too late"), Error);
            log.push("refused");
            throw error;
          }
        });
      })
    );
    log.push(text);
  });
  assertEquals(log, ["refused", "[failed]"]);
});

Deno.test("taskGroup: coro_closed_when_tg_closed - a finished group refuses, and the function is not called", async () => {
  let called = false;
  await virtual(async () => {
    const group = await taskGroup(async (group) => group);
    assertThrows(
      () =>
        group.createTask(async () => {
          called = true;
        }),
      Error,
      "finished",
    );
    await sleep(1);
  });
  assertEquals(called, false);
});

Deno.test("taskGroup: needs a task", async () => {
  await virtual(async () => {
    const outcome = new Future<unknown>();
    getRunningLoop().callSoon(() => {
      (async () => await taskGroup(async () => 1))().then(
        () => outcome.setResult("no error"),
        (error) => outcome.setResult(error),
      );
    });
    const error = await outcome;
    assert(error instanceof Error && /task/.test(error.message), String(error));
  });
});
