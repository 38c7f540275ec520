// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import {
  type CallGraph,
  captureCallGraph,
  createTask,
  currentTask,
  Event,
  formatCallGraph,
  Future,
  gather,
  getRunningLoop,
  Lock,
  printCallGraph,
  ps,
  Queue,
  shield,
  sleep,
  Task,
  taskGroup,
  timeout,
  wait,
} from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";

/** A call graph as names: `a < b` is a awaited by b, siblings in brackets. */
function names(graph: CallGraph): string {
  const future = graph.future;
  const name = future instanceof Task ? future.getName() : "future";
  const above = graph.awaitedBy.map(names).sort();
  if (above.length === 0) return name;
  return `${name} < ${above.length === 1 ? above[0] : `[${above.join(", ")}]`}`;
}

Deno.test("captureCallGraph: follows who awaits whom, from the task upwards", async () => {
  await virtual(async () => {
    currentTask()?.setName("main");
    const inner = createTask({ name: "inner" }, async () => {
      await sleep(0);
      return names(captureCallGraph());
    });
    const middle = createTask({ name: "middle" }, async () => await inner);
    assertEquals(await middle, "inner < middle < main");
  });
});

Deno.test("captureCallGraph: a nested call does not hide the task that awaits", async () => {
  await virtual(async () => {
    currentTask()?.setName("main");
    const deep = async (task: Task<string>) => {
      const deeper = async () => await task;
      return await deeper();
    };
    const inner = createTask({ name: "inner" }, async () => {
      await sleep(1);
      return names(captureCallGraph());
    });
    assertEquals(await deep(inner), "inner < main");
  });
});

Deno.test("captureCallGraph: stack_future - of a future, all tasks that await it", async () => {
  await virtual(async () => {
    const future = new Future<void>();
    const waiter = async () => await future;
    const tasks = ["a", "b"].map((name) => createTask({ name }, waiter));
    await sleep(0);
    assertEquals(names(captureCallGraph(future)), "future < [a, b]");
    assert(captureCallGraph(future).future === future);
    future.setResult();
    await gather(tasks);
    assertEquals(names(captureCallGraph(future)), "future");
  });
});

Deno.test("captureCallGraph: stack_gather, stack_shield and stack_wait - lead to the task that waits", async () => {
  await virtual(async () => {
    currentTask()?.setName("main");
    const look = async () => {
      await sleep(0);
      return names(captureCallGraph());
    };
    const child = createTask({ name: "gathered" }, look);
    const [seen] = await gather(child, () => sleep(1));
    assertMatch(seen, /^gathered <.* main$/);
    const saved = createTask({ name: "shielded" }, look);
    assertMatch(await shield(saved), /^shielded <.* main$/);
    const awaited = createTask({ name: "awaited" }, look);
    await wait([awaited]);
    assertMatch(awaited.result(), /^awaited <.* main$/);
  });
});

Deno.test("captureCallGraph: stack_timeout - a time limit is no task of its own", async () => {
  await virtual(async () => {
    currentTask()?.setName("main");
    const inner = createTask({ name: "inner" }, () =>
      timeout(10, async () => {
        await sleep(1);
        return names(captureCallGraph());
      }));
    assertEquals(await inner, "inner < main");
  });
});

Deno.test("captureCallGraph: stack_tgroup - children of a group are awaited by its task", async () => {
  await virtual(async () => {
    currentTask()?.setName("main");
    let seen = "";
    await taskGroup(async (group) => {
      const root = group.createTask({ name: "root" }, async () => {
        await sleep(1);
        seen = names(captureCallGraph());
      });
      group.createTask({ name: "sub" }, async () => await root);
    });
    assertEquals(seen, "root < [main, sub < main]");
  });
});

Deno.test("captureCallGraph: callStack tells what a waiting task awaits", async () => {
  await virtual(async () => {
    const queue = new Queue<number>();
    const getter = createTask({ name: "getter" }, () => queue.get());
    const sleeper = createTask({ name: "sleeper" }, async () => await sleep(10));
    const fresh = createTask({ name: "fresh" }, async () => {});
    assertEquals(captureCallGraph(fresh).callStack, []);
    await sleep(0);
    assertEquals(captureCallGraph(getter).callStack.length, 1);
    assertMatch(captureCallGraph(getter).callStack.join(), /queue/i);
    assertMatch(captureCallGraph(sleeper).callStack.join(), /sleep/i);
    queue.putNowait(1);
    await gather(getter, sleeper);
    assertEquals(captureCallGraph(getter).callStack, []);
  });
});

Deno.test("captureCallGraph: outside of any task it needs a future", async () => {
  await virtual(async () => {
    const outcome = new Future<string>();
    getRunningLoop().callSoon(() => {
      assertThrows(() => captureCallGraph(), Error, "task");
      outcome.setResult(names(captureCallGraph(outcome)));
    });
    currentTask()?.setName("main");
    assertEquals(await outcome, "future < main");
  });
});

Deno.test("formatCallGraph: names every task of the graph, the outer ones further in", async () => {
  await virtual(async () => {
    currentTask()?.setName("main");
    const lock = new Lock();
    await lock.acquire();
    const inner = createTask({ name: "inner" }, async () => {
      using _held = await lock.acquire();
    });
    const outer = createTask({ name: "outer" }, async () => await inner);
    await sleep(0);
    await sleep(0);
    const lines = formatCallGraph(inner).split("\n");
    const at = (name: RegExp) => lines.findIndex((line) => name.test(line));
    assertEquals(at(/inner/), 0);
    assert(at(/lock/i) >= 0);
    assert(at(/outer/) > 0);
    const indent = (line: string | undefined) => line!.length - line!.trimStart().length;
    assert(indent(lines[at(/outer/)]) > indent(lines[0]));
    lock.release();
    await outer;
  });
});

Deno.test("printCallGraph: reports the text of formatCallGraph", async () => {
  const printed: string[] = [];
  const log = console.log;
  const error = console.error;
  console.log = console.error = (...parts: unknown[]) => printed.push(parts.join(" "));
  try {
    await virtual(async () => {
      currentTask()?.setName("main task");
      printCallGraph();
    });
  } finally {
    console.log = log;
    console.error = error;
  }
  assertMatch(printed.join("\n"), /main task/);
});

Deno.test("getStack: tells what the task awaits, and nothing for one that is done or not begun", async () => {
  await virtual(async () => {
    const event = new Event();
    const nested = async () => await event.wait();
    const task = createTask(async () => await nested());
    assertEquals(task.getStack(), []);
    await sleep(0);
    assertMatch(task.getStack().join("\n"), /event/i);
    event.set();
    await task;
    assertEquals(task.getStack(), []);
  });
});

Deno.test("getStack: in debug mode says where the wait began", async () => {
  await virtual(async () => {
    getRunningLoop().setDebug(true);
    const task = createTask(async () => await sleep(10));
    await sleep(0);
    assertMatch(task.getStack().join("\n"), /introspect_test\.ts/);
    await task;
  });
});

Deno.test("ps: lists the unfinished tasks, what they await and who awaits them", async () => {
  await virtual(async () => {
    currentTask()?.setName("main");
    const inner = createTask({ name: "inner" }, async () => await sleep(10));
    const outer = createTask({ name: "outer" }, async () => await inner);
    await sleep(0);
    const rows = new Map(ps().map((row) => [row.name, row]));
    assertEquals([...rows.keys()], ["main", "inner", "outer"]);
    assertMatch(rows.get("inner")!.awaits.join(), /sleep/i);
    assertEquals(rows.get("inner")!.awaitedBy, [rows.get("outer")!.id]);
    assertMatch(rows.get("outer")!.awaits.join(), /inner/);
    assertEquals(rows.get("main")!.awaitedBy, []);
    await outer;
    assertEquals(ps().map((row) => row.name), ["main"]);
  });
});
