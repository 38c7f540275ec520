/**
 * What the types infer, and what they refuse. The functions here are never called: `deno check` is the
 * test, and a line marked `@ts-expect-error` fails it when it compiles.
 */

import { assertEquals } from "@std/assert";
import {
  asCompleted,
  type Awaitable,
  Barrier,
  Condition,
  ContextVar,
  createTask,
  currentTask,
  ensureFuture,
  Event,
  Flag,
  Future,
  gather,
  getRunningLoop,
  type Held,
  LifoQueue,
  Lock,
  PriorityQueue,
  Queue,
  run,
  Runner,
  Semaphore,
  shield,
  sleep,
  type Task,
  TaskGroup,
  taskGroup,
  Ticker,
  Timeout,
  timeout,
  timeoutAt,
  type Token,
  wait,
  waitFor,
} from "awaitio";

/** Whether two types are the same, `any` and `never` included. */
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true
  : false;

/** Compiles where `T` is `true`. */
function holds<T extends true>(): T | undefined {
  return undefined;
}

declare const task: Task<string>;
declare const future: Future<number>;
declare const awaitable: Awaitable<boolean>;
declare const promise: Promise<Date>;

async function named(name: string, count: number, loud = false): Promise<string> {
  await sleep(1);
  return `${name} ${count} ${loud}`;
}

function plain(): number {
  return 1;
}

async function nothing(): Promise<void> {
  await sleep(0);
}

function sleeping() {
  holds<Equal<ReturnType<typeof sleep>, Awaitable<void>>>();
  const quiet = sleep(1);
  holds<Equal<typeof quiet, Awaitable<void>>>();
  const word = sleep(1, "word" as string);
  holds<Equal<typeof word, Awaitable<string>>>();
  const list = sleep(1, [1, 2]);
  holds<Equal<Awaited<typeof list>, number[]>>();
  // @ts-expect-error a duration is a number
  sleep("1");
  // @ts-expect-error a duration must be given
  sleep();
  // @ts-expect-error a sleep is no task: it cannot be cancelled by hand
  sleep(1).cancel();
}

function creating() {
  const one = createTask(named, "a", 1);
  holds<Equal<typeof one, Task<string>>>();
  const loud = createTask(named, "a", 1, true);
  holds<Equal<typeof loud, Task<string>>>();
  const sync = createTask(plain);
  holds<Equal<typeof sync, Task<number>>>();
  const without = createTask(nothing);
  holds<Equal<typeof without, Task<void>>>();
  const closed = createTask(() => sleep(1, "x" as const));
  holds<Equal<typeof closed, Task<"x">>>();
  const nested = createTask(() => createTask(plain));
  holds<Equal<typeof nested, Task<number>>>();
  const withName = createTask({ name: "a" }, named, "a", 1);
  holds<Equal<typeof withName, Task<string>>>();
  const eager = createTask({ eager: true }, plain);
  holds<Equal<typeof eager, Task<number>>>();
  const adopted = createTask(promise);
  holds<Equal<typeof adopted, Task<Date>>>();
  const adoptedToo = createTask(awaitable, { name: "a" });
  holds<Equal<typeof adoptedToo, Task<boolean>>>();
  const fromLoop = getRunningLoop().createTask(named, "a", 1);
  holds<Equal<typeof fromLoop, Task<string>>>();
  holds<Equal<ReturnType<typeof currentTask>, Task<unknown> | null>>();

  // @ts-expect-error a function or what can be awaited, not a number
  createTask(5);
  // @ts-expect-error an argument is missing
  createTask(named, "a");
  // @ts-expect-error the second argument is a number
  createTask(named, "a", "1");
  // @ts-expect-error there are three arguments at most
  createTask(named, "a", 1, true, 4);
  // @ts-expect-error an argument is missing behind the options too
  createTask({ name: "a" }, named, "a");
  // @ts-expect-error the options are about names, contexts and the start
  createTask({ nmae: "a" }, plain);
  // @ts-expect-error a name is a string
  createTask({ name: 5 }, plain);
  // @ts-expect-error what runs already takes no arguments
  createTask(promise, 1);
  // @ts-expect-error options alone are no task
  createTask({ name: "a" });
  // @ts-expect-error the loop's own takes a function only
  getRunningLoop().createTask(5);
}

async function tasks() {
  holds<Equal<Awaited<typeof task>, string>>();
  const word = await task;
  holds<Equal<typeof word, string>>();
  holds<Equal<ReturnType<typeof task.result>, string>>();
  holds<Equal<ReturnType<typeof task.exception>, unknown>>();
  task.addDoneCallback((done) => done.cancel());
  future.setResult(1);
  const wide: Future<string | number> = task;
  const list: Task<unknown>[] = [task, createTask(plain)];
  const native = await Promise.all([task, future, awaitable]);
  holds<Equal<typeof native, [string, number, boolean]>>();

  // @ts-expect-error a result of another type
  future.setResult("1");
  // @ts-expect-error a future of something else
  const wrong: Future<boolean> = task;
  // @ts-expect-error a task is made by createTask()
  new TaskGroup();
  return [wide, list, wrong];
}

async function gathering() {
  const mixed = gather(() => sleep(1, "a"), task, future, awaitable, promise, plain, nothing);
  holds<
    Equal<
      typeof mixed,
      Future<[string, string, number, boolean, Date, number, void]>
    >
  >();
  const [first, second] = await gather(plain, task);
  holds<Equal<typeof first, number>>();
  holds<Equal<typeof second, string>>();

  const tuple = gather([plain, task]);
  holds<Equal<typeof tuple, Future<[number, string]>>>();
  const same = gather([plain, task], { returnExceptions: false });
  holds<Equal<typeof same, Future<[number, string]>>>();
  const several: Task<string>[] = [task];
  const array = gather(several);
  holds<Equal<typeof array, Future<string[]>>>();
  const spread = gather(...several);
  holds<Equal<typeof spread, Future<string[]>>>();

  const safe = gather([plain, task], { returnExceptions: true });
  holds<Equal<typeof safe, Future<[number | Error, string | Error]>>>();
  const safeArray = gather(several, { returnExceptions: true });
  holds<Equal<typeof safeArray, Future<(string | Error)[]>>>();
  const [result] = await safe;
  if (!(result instanceof Error)) holds<Equal<typeof result, number>>();

  // @ts-expect-error functions and what can be awaited only
  gather(5);
  // @ts-expect-error every one of them
  gather(plain, "task");
  // @ts-expect-error in an array too
  gather([plain, 5]);
  // @ts-expect-error functions that need arguments cannot be called
  gather(named);
  // @ts-expect-error there is no such option
  gather([plain], { returnErrors: true });
  // @ts-expect-error there are two results, not three
  const [_a, _b, _c] = await gather(plain, task);
  // @ts-expect-error a result that may be an error is not a number yet
  const _n: number = (await safe)[0];
}

async function limiting() {
  const fromFunction = waitFor(() => sleep(1, "a"), 10);
  holds<Equal<typeof fromFunction, Future<string>>>();
  const fromTask = waitFor(task, null);
  holds<Equal<typeof fromTask, Future<string>>>();
  const fromSync = waitFor(plain, 1);
  holds<Equal<typeof fromSync, Future<number>>>();
  const fromPromise = await waitFor(promise, 1);
  holds<Equal<typeof fromPromise, Date>>();

  const shielded = shield(task);
  holds<Equal<typeof shielded, Future<string>>>();
  const shieldedCall = shield(nothing);
  holds<Equal<typeof shieldedCall, Future<void>>>();
  const sure = ensureFuture(() => sleep(1, 5));
  holds<Equal<typeof sure, Future<number>>>();

  const limited = timeout(10, async (limit) => {
    holds<Equal<typeof limit, Timeout>>();
    holds<Equal<ReturnType<typeof limit.when>, number | null>>();
    limit.reschedule(null);
    return await task;
  });
  holds<Equal<typeof limited, Promise<string>>>();
  const unlimited = timeout(null, plain);
  holds<Equal<typeof unlimited, Promise<number>>>();
  const at = timeoutAt(10, () => future);
  holds<Equal<typeof at, Promise<number>>>();

  // @ts-expect-error a string cannot be waited for
  waitFor("x", 1);
  // @ts-expect-error a function that needs arguments cannot be called
  waitFor(named, 1);
  // @ts-expect-error there must be a limit, if only null
  waitFor(task);
  // @ts-expect-error a limit is a number
  waitFor(task, "1");
  // @ts-expect-error the result is a string
  const _n: number = await waitFor(task, 1);
  // @ts-expect-error nothing to shield
  shield(5);
  // @ts-expect-error the body is a function, not a number
  timeout(1, 5);
  // @ts-expect-error the body is not called yet
  timeout(1, nothing());
  // @ts-expect-error the limit comes first
  timeout(plain, 1);
  // @ts-expect-error a body gets its limit and nothing else
  timeout(1, named);
  // @ts-expect-error a deadline is a number
  timeout(1, (limit) => limit.reschedule("soon"));
  // @ts-expect-error a limit belongs to its body
  new Timeout();
}

async function grouping() {
  const grouped = taskGroup(async (group) => {
    holds<Equal<typeof group, TaskGroup>>();
    const child = group.createTask(named, "a", 1);
    holds<Equal<typeof child, Task<string>>>();
    const other = group.createTask({ name: "b" }, plain);
    holds<Equal<typeof other, Task<number>>>();
    // @ts-expect-error an argument is missing
    group.createTask(named, "a");
    // @ts-expect-error a child is a function: what runs already is nobody's child
    group.createTask(promise);
    return [await child, await other] as const;
  });
  holds<Equal<typeof grouped, Promise<readonly [string, number]>>>();
  const none = taskGroup(() => {});
  holds<Equal<typeof none, Promise<void>>>();
  // @ts-expect-error the body is a function
  taskGroup(promise);
  // @ts-expect-error a body gets its group and nothing else
  taskGroup(named);
  // @ts-expect-error a group ends with its body; there is nothing to await on it
  await using _group = await taskGroup(() => {});
}

async function waiting() {
  const [done, pending] = await wait([task], { timeout: 5, returnWhen: "FIRST_COMPLETED" });
  holds<Equal<typeof done, Task<string>[]>>();
  holds<Equal<typeof pending, Task<string>[]>>();
  const mixed = await wait(new Set([task, future]));
  holds<Equal<typeof mixed[0], (Task<string> | Future<number>)[]>>();

  for await (const next of asCompleted([task, createTask(named, "a", 1)], { timeout: null })) {
    holds<Equal<Awaited<typeof next>, string>>();
  }
  for await (const next of asCompleted([() => sleep(1, 5)])) {
    holds<Equal<Awaited<typeof next>, number>>();
  }

  // @ts-expect-error wait() takes tasks: it gives the same ones back
  wait([plain]);
  // @ts-expect-error and no promises, which cannot be asked whether they are done
  wait([promise]);
  // @ts-expect-error there is no such moment
  wait([task], { returnWhen: "FIRST_FAILED" });
  // @ts-expect-error a list, even of one
  wait(task);
  // @ts-expect-error a list, even of one
  asCompleted(task);
  // @ts-expect-error a limit is an option
  asCompleted([task], 5);
  // @ts-expect-error it is an iterator for `for await`
  for (const _next of asCompleted([task])) break;
}

async function queues() {
  const queue = new Queue<string>(1);
  holds<Equal<ReturnType<typeof queue.get>, Awaitable<string>>>();
  holds<Equal<ReturnType<typeof queue.put>, Awaitable<void>>>();
  holds<Equal<ReturnType<typeof queue.getNowait>, string>>();
  holds<Equal<ReturnType<typeof queue.join>, Awaitable<void>>>();
  for await (const item of queue) holds<Equal<typeof item, string>>();
  const kinds: Queue<string>[] = [new LifoQueue<string>(), new PriorityQueue<string>()];
  const jobs = new PriorityQueue<{ readonly at: number }>(0, (a, b) => a.at - b.at);
  const job = await jobs.get();
  holds<Equal<typeof job, { readonly at: number }>>();

  // @ts-expect-error an item of another type
  queue.put(1);
  // @ts-expect-error an item of another type
  queue.putNowait({});
  // @ts-expect-error there must be an item
  queue.put();
  // @ts-expect-error what comes out is a string
  const _n: number = await queue.get();
  // @ts-expect-error getNowait() does not wait
  queue.getNowait().then(plain);
  // @ts-expect-error a size is a number
  new Queue<string>("1");
  // @ts-expect-error the size is fixed
  queue.maxsize = 2;
  // @ts-expect-error a comparator compares what the queue holds
  new PriorityQueue<number>(0, (a: string, b: string) => a.length - b.length);
  // @ts-expect-error a comparator gives a number
  new PriorityQueue<number>(0, (a, b) => a < b);
  // @ts-expect-error only a priority queue compares
  new LifoQueue<number>(0, (a: number, b: number) => a - b);
  // @ts-expect-error a queue gives its items to `for await`, not to `for`
  for (const _item of queue) break;
  return kinds;
}

async function holding() {
  const lock = new Lock();
  const held = await lock.acquire();
  holds<Equal<typeof held, Held>>();
  {
    using _lock = await lock.acquire();
    using _permit = await new Semaphore(2).acquire();
    using _condition = await new Condition(lock).acquire();
  }
  holds<Equal<Awaited<ReturnType<Condition["wait"]>>, true>>();
  const level = await new Condition().waitFor(() => 5);
  holds<Equal<typeof level, number>>();
  holds<Equal<Awaited<ReturnType<Event["wait"]>>, true>>();
  holds<Equal<Awaited<ReturnType<Flag["wait"]>>, void>>();
  holds<Equal<Awaited<ReturnType<Barrier["wait"]>>, number>>();

  // @ts-expect-error a lock is not awaited itself, so that is no hold: acquire() is
  const _wrong: Held = await lock;
  // @ts-expect-error what is held is what acquire() gives in the end
  using _early = lock.acquire();
  // @ts-expect-error a lock is not disposed of
  using _lock = lock;
  // @ts-expect-error nor is an event
  using _event = new Event();
  // @ts-expect-error a condition goes with a lock
  new Condition(new Semaphore());
  // @ts-expect-error a barrier is for somebody
  new Barrier();
  // @ts-expect-error waitFor() takes a function that looks
  new Condition().waitFor(true);
  // @ts-expect-error nobody is notified by name
  new Condition().notify("all");
}

function contexts() {
  const request = new ContextVar<number>("request", { default: 0 });
  const token = request.set(1);
  holds<Equal<typeof token, Token<number>>>();
  holds<Equal<ReturnType<typeof request.get>, number>>();
  request.reset(token);
  request.get(5);

  // @ts-expect-error a value of another type
  request.set("1");
  // @ts-expect-error a fallback of another type
  request.get("1");
  // @ts-expect-error a default of another type
  new ContextVar<number>("request", { default: "0" });
  // @ts-expect-error a name must be given
  new ContextVar<number>();
  // @ts-expect-error a token of a variable of another type
  new ContextVar<string>("other").reset(token);
}

async function running() {
  const word = run(named, "a", 1);
  holds<Equal<typeof word, Promise<string>>>();
  const number = run(plain);
  holds<Equal<typeof number, Promise<number>>>();
  await using runner = new Runner();
  const again = runner.run(named, "a", 1);
  holds<Equal<typeof again, Promise<string>>>();
  const loop = getRunningLoop();
  const complete = loop.runUntilComplete(named, "a", 1);
  holds<Equal<typeof complete, Promise<string>>>();
  const ofTask = loop.runUntilComplete(task);
  holds<Equal<typeof ofTask, Promise<string>>>();
  holds<Equal<ReturnType<typeof loop.createFuture<Date>>, Future<Date>>>();
  loop.callSoon(named, "a", 1);
  loop.callLater(5, (text: string) => text.length, "a");
  new Ticker(10, { missed: "skip" });

  // @ts-expect-error an argument is missing
  run(named, "a");
  // @ts-expect-error the function itself, not what it gives
  run(nothing());
  // @ts-expect-error an argument is missing
  runner.run(named);
  // @ts-expect-error the second argument is a number
  loop.callSoon(named, "a", "1");
  // @ts-expect-error the argument is a string
  loop.callLater(5, (text: string) => text.length, 5);
  // @ts-expect-error the delay comes first
  loop.callLater(plain, 5);
  // @ts-expect-error there is no such way to miss a tick
  new Ticker(10, { missed: "never" });
}

Deno.test("types: deno check has looked at every case", () => {
  const cases = [
    sleeping,
    creating,
    tasks,
    gathering,
    limiting,
    grouping,
    waiting,
    queues,
    holding,
    contexts,
    running,
  ];
  assertEquals(cases.map((each) => typeof each), cases.map(() => "function"));
  assertEquals(holds<Equal<unknown, unknown>>(), undefined);
});
