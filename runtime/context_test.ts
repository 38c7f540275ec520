// deno-lint-ignore-file require-await -- a body that never waits is part of what is tested
import { assertEquals, assertThrows } from "@std/assert";
import {
  ContextVar,
  copyContext,
  createTask,
  Future,
  gather,
  getRunningLoop,
  sleep,
  taskGroup,
  timeout,
} from "awaitio";
import { virtual } from "../targets/simulator/virtual.ts";

Deno.test("ContextVar: get gives the value, else the fallback, else the default, else it throws", async () => {
  await virtual(async () => {
    const bare = new ContextVar<string>("bare");
    const filled = new ContextVar<string>("filled", { default: "default" });
    const error = assertThrows(() => bare.get(), Error);
    assertEquals((error as Error).message.includes("bare"), true);
    assertEquals([bare.get("fallback"), filled.get(), filled.get("fallback")], [
      "fallback",
      "default",
      "fallback",
    ]);
    bare.set("value");
    filled.set("value");
    assertEquals([bare.get(), bare.get("fallback"), filled.get("fallback")], [
      "value",
      "value",
      "value",
    ]);
  });
});

Deno.test("ContextVar: falsy values are values", async () => {
  await virtual(async () => {
    const count = new ContextVar<number>("count", { default: 5 });
    count.set(0);
    assertEquals([count.get(), count.get(7)], [0, 0]);
    const maybe = new ContextVar<string | undefined>("maybe", { default: undefined });
    assertEquals(maybe.get(), undefined);
  });
});

Deno.test("ContextVar: reset brings back what set replaced, also nothing", async () => {
  await virtual(async () => {
    const mode = new ContextVar<string>("mode");
    const first = mode.set("one");
    const second = mode.set("two");
    mode.reset(second);
    assertEquals(mode.get(), "one");
    mode.reset(first);
    assertThrows(() => mode.get(), Error);
  });
});

Deno.test("ContextVar: a token works once, for its own variable", async () => {
  await virtual(async () => {
    const mode = new ContextVar<string>("mode");
    const other = new ContextVar<string>("other");
    const token = mode.set("one");
    assertThrows(() => other.reset(token), Error);
    mode.reset(token);
    assertThrows(() => mode.reset(token), Error);
  });
});

Deno.test("ContextVar: several variables keep apart, in whatever order they are set and reset", async () => {
  await virtual(async () => {
    const [a, b, c] = ["a", "b", "c"].map((name) => new ContextVar<number>(name, { default: 0 }));
    const values = () => [a!.get(), b!.get(), c!.get()];
    const first = a!.set(1);
    const second = b!.set(2);
    c!.set(3);
    const again = a!.set(4);
    assertEquals(values(), [4, 2, 3]);
    b!.reset(second);
    assertEquals(values(), [4, 0, 3]);
    a!.reset(again);
    assertEquals(values(), [1, 0, 3]);
    a!.reset(first);
    assertEquals(values(), [0, 0, 3]);
  });
});

Deno.test("ContextVar: set in a called async function is seen by its caller", async () => {
  await virtual(async () => {
    const user = new ContextVar<string>("user", { default: "nobody" });
    const early = async () => {
      user.set("set before the wait");
      await sleep(1);
    };
    const late = async () => {
      await sleep(1);
      user.set("set after the wait");
    };
    const deep = async () => {
      await late();
      user.set(`${user.get()}, two calls deep`);
    };
    await early();
    assertEquals(user.get(), "set before the wait");
    await deep();
    assertEquals(user.get(), "set after the wait, two calls deep");
  });
});

Deno.test("ContextVar: bodies of timeout and taskGroup work in their caller's context", async () => {
  await virtual(async () => {
    const depth = new ContextVar<number>("depth", { default: 0 });
    await timeout(10, async () => {
      await sleep(1);
      depth.set(1);
    });
    assertEquals(depth.get(), 1);
    await taskGroup(async () => {
      await sleep(1);
      depth.set(2);
    });
    assertEquals(depth.get(), 2);
  });
});

Deno.test("ContextVar: a new task works on a copy, taken when it was created", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const user = new ContextVar<string>("user", { default: "nobody" });
    user.set("creator");
    const task = createTask(async () => {
      log.push(`task starts with ${user.get()}`);
      user.set("task's own");
      await sleep(5);
      log.push(`task keeps ${user.get()}`);
    });
    user.set("changed after");
    await sleep(1);
    log.push(`creator has ${user.get()}`);
    await task;
    log.push(`creator still has ${user.get()}`);
  });
  assertEquals(log, [
    "task starts with creator",
    "creator has changed after",
    "task keeps task's own",
    "creator still has changed after",
  ]);
});

Deno.test("ContextVar: children of gather and groups get copies of their own", async () => {
  await virtual(async () => {
    const id = new ContextVar<number>("id", { default: -1 });
    const child = (n: number) => async () => {
      const before = id.get();
      id.set(n);
      await sleep(10 - n);
      return [before, id.get()];
    };
    id.set(7);
    assertEquals(await gather(child(1), child(2)), [[7, 1], [7, 2]]);
    await taskGroup(async (group) => {
      const task = group.createTask(child(3));
      assertEquals(await task, [7, 3]);
    });
    assertEquals(id.get(), 7);
  });
});

Deno.test("ContextVar: many tasks side by side never see each other's values", async () => {
  await virtual(async () => {
    const id = new ContextVar<number>("id", { default: -1 });
    let wrong = 0;
    const child = async (n: number) => {
      for (let i = 0; i < 10; i++) {
        id.set(n * 100 + i);
        await sleep((n * 7 + i * 3) % 5);
        if (id.get() !== n * 100 + i) wrong++;
      }
    };
    await gather(Array.from({ length: 100 }, (_, n) => () => child(n)));
    assertEquals([wrong, id.get()], [0, -1]);
  });
});

Deno.test("ContextVar: a scheduled callback works on a copy, taken when it was scheduled", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const loop = getRunningLoop();
    const user = new ContextVar<string>("user", { default: "nobody" });
    const note = (name: string) => {
      log.push(`${name}: ${user.get()}`);
      user.set(name);
    };
    user.set("one");
    loop.callSoon(note, "soon");
    loop.callLater(5, note, "later");
    loop.callAt(6, note, "at");
    user.set("two");
    await sleep(10);
    log.push(`main: ${user.get()}`);
  });
  assertEquals(log, ["soon: one", "later: one", "at: one", "main: two"]);
});

Deno.test("ContextVar: a done callback works on a copy, taken when it was added", async () => {
  const log: string[] = [];
  await virtual(async () => {
    const user = new ContextVar<string>("user", { default: "nobody" });
    const future = new Future<void>();
    user.set("adder");
    future.addDoneCallback(() => {
      log.push(`callback: ${user.get()}`);
      user.set("callback");
    });
    user.set("after");
    future.setResult();
    await future;
    await sleep(0);
    log.push(`main: ${user.get()}`);
  });
  assertEquals(log, ["callback: adder", "main: after"]);
});

Deno.test("ContextVar: a value lasts over awaits of tasks, futures and foreign promises", async () => {
  await virtual(async () => {
    const user = new ContextVar<string>("user");
    user.set("kept");
    await createTask(async () => {
      user.set("other");
    });
    assertEquals(user.get(), "kept");
    await Promise.resolve();
    assertEquals(user.get(), "kept");
    const future = new Future<void>();
    getRunningLoop().callSoon(() => {
      user.set("callback");
      future.setResult();
    });
    await future;
    assertEquals(user.get(), "kept");
  });
});

Deno.test("copyContext: run works in the copy and gives the function's result", async () => {
  await virtual(async () => {
    const mode = new ContextVar<string>("mode");
    mode.set("outside");
    const context = copyContext();
    mode.set("changed");
    const seen = context.run(() => {
      const before = mode.get();
      mode.set("inside");
      return before;
    });
    assertEquals([seen, mode.get()], ["outside", "changed"]);
    assertEquals(context.run(() => mode.get()), "inside");
    assertThrows(
      () =>
        context.run(() => {
          throw new TypeError("failed inside");
        }),
      TypeError,
      "failed inside",
    );
    assertEquals(mode.get(), "changed");
  });
});

Deno.test("copyContext: a token of another context is refused", async () => {
  await virtual(async () => {
    const mode = new ContextVar<string>("mode");
    const token = mode.set("here");
    assertThrows(() => copyContext().run(() => mode.reset(token)), Error);
    assertEquals(mode.get(), "here");
    mode.reset(token);
    assertThrows(() => mode.get(), Error);
  });
});
