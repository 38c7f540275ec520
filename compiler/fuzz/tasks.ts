/** Programs that use the runtime: tasks on the loop, what they share, and cancellation from everywhere. */

import { type Code, code, lines, type Node, node } from "./node.ts";
import type { Forms, Generator } from "./generator.ts";
import { functionDeclaration, makeFunction, statements } from "./functions.ts";
import { classDeclaration } from "./classes.ts";
import { args, awaitable } from "./operands.ts";
import { guarded, use } from "./statements.ts";
import { body, duration, work } from "./waits.ts";
import type { Kind } from "./scope.ts";

/** The names of the tasks that run side by side from the start. */
const TASKS = ["A", "B", "C", "D"];

const SHARED: readonly (readonly [Kind, (g: Generator) => string])[] = [
  ["queue", (g) => `new Queue(${g.pick([0, 1, 1, 2])})`],
  ["queue", (g) => `new Queue(${g.pick([0, 1, 1, 2])})`],
  ["event", () => "new Event()"],
  ["lock", () => "new Lock()"],
  ["condition", () => "new Condition()"],
  ["semaphore", (g) => `new Semaphore(${g.pick([0, 1, 2])})`],
  ["context variable", (g) => `new ContextVar("cv", { default: ${g.literal()} })`],
];

const has = (...kinds: readonly Kind[]) => (g: Generator): boolean => g.has(...kinds);
const hasIn = (...kinds: readonly Kind[]) => (g: Generator): boolean =>
  g.fn.async && g.has(...kinds);

/** Questions to what is shared and to tasks. */
export const taskExpressions: Forms = {
  "state": [
    5,
    (g) => {
      const { text, kind } = g.find("queue", "event", "lock", "condition", "semaphore", "task")!;
      const questions: Partial<Record<Kind, readonly string[]>> = {
        queue: ["qsize()", "empty()", "full()"],
        event: ["isSet()"],
        task: ["done()", "cancelled()", "cancelling()"],
      };
      return code`${text}.${g.pick(questions[kind] ?? ["locked()"])}`;
    },
    has("queue", "event", "lock", "condition", "semaphore", "task"),
  ],
  "limit": [120, (g) => code`${g.find("limit")!.text}.expired()`, has("limit")],
  "context": [6, (g) => code`${g.find("context variable")!.text}.get()`, has("context variable")],
  "current task": [
    3,
    (g) => code`currentTask()?.${g.pick(["getName()", "cancelling()", "cancelling()"])}`,
  ],
};

function createTask(g: Generator): Code {
  const name = `T${g.number()}`;
  const group = g.has("group") && g.once(2) ? `${g.find("group")!.text}.` : "";
  const made = g.has("async") && g.once(3)
    ? code`${g.find("async")!.text}, ${args(g)}`
    : g.once(3)
    ? code`${work(g)}`
    : body(g);
  const text = `t${g.number()}`;
  g.declare(text, "task");
  return code`const ${text} = ${group}createTask({ name: "${name}" }, ${made});`;
}

function cancel(g: Generator): Code {
  const reason = `"c${g.number()}"`;
  const choice = g.random.below(6);
  if (choice === 0) return code`currentTask()?.cancel(${reason});`;
  if (choice < 3 && g.has("task")) return code`${g.find("task")!.text}.cancel(${reason});`;
  if (choice < 4) return code`later(${duration(g)}, () => stop("${g.pick(TASKS)}", ${reason}));`;
  return code`stop("${g.pick(TASKS)}", ${reason});`;
}

/** Tells a shared thing to wake who waits. */
function signal(g: Generator): Code {
  const { text, kind } = g.find("queue", "event", "semaphore")!;
  if (kind === "event") return code`${text}.${g.pick(["set", "set", "clear"])}();`;
  if (kind === "semaphore") return code`${text}.release();`;
  const choice = g.random.below(12);
  if (choice < 2) return code`log("${g.number()}", ${text}.getNowait());`;
  if (choice < 4) return code`${text}.taskDone();`;
  if (choice < 5) return code`${text}.shutdown(${g.pick(["", "true"])});`;
  return code`${text}.putNowait(${g.expression()});`;
}

function inner(g: Generator, first: readonly Node[] = []): Code {
  return g.inside({}, () => code`{${lines([...first, ...statements(g, 1, 3)])}}`);
}

function hold(g: Generator): Code {
  const { text, kind } = g.find("lock", "semaphore", "condition")!;
  const first = kind === "condition" ? [node("statement", "condition", condition(g, text))] : [];
  const end = code`finally { ${text}.release(); }`;
  return code`await ${text}.acquire(); try ${inner(g, first)} ${end}`;
}

function condition(g: Generator, text: string): Code {
  const choice = g.random.below(5);
  if (choice < 1) return code`${text}.notifyAll();`;
  if (choice < 3) return code`${text}.notify(${g.pick(["", "2"])});`;
  if (choice < 4) return code`log("${g.number()}", await ${text}.wait());`;
  return code`log("${g.number()}", await ${text}.waitFor(() => again(${g.number()}, 2)));`;
}

/** Waits, tells what came of it, and cleans up; a cancel is thrown on, or swallowed. */
function cautious(g: Generator): Code {
  const wait = awaited(g);
  const clauses: Node[] = [];
  if (!g.once(3)) {
    const on = g.pick([
      "",
      "",
      "throw e;",
      "if (e instanceof CancelledError) throw e;",
      "if (e instanceof CancelledError) currentTask()?.uncancel();",
    ]);
    const text = code` catch (e) { log("caught", e); ${on} }`;
    clauses.push(node("clause", "catch", text));
  }
  if (clauses.length === 0 || g.once(2)) {
    const late = g.once(2) ? awaited(g) : node("statement", "log", code`log("finally");`);
    clauses.push(node("clause", "finally", code` finally { ${late} }`));
  }
  return code`try { ${wait} ${lines(statements(g, 0, 1))} }${{
    nodes: clauses,
    separator: "",
    least: 1,
  }}`;
}

function awaited(g: Generator): Node {
  return node("statement", "wait", code`log("${g.number()}", await ${awaitable(g)});`);
}

function context(g: Generator): Code {
  const { text } = g.find("context variable")!;
  if (g.once(2)) return code`${text}.set(${g.expression()});`;
  const token = `k${g.number()}`;
  return code`{ const ${token} = ${text}.set(${g.expression()}); ${
    lines(statements(g, 1, 2))
  } ${text}.reset(${token}); }`;
}

const inAsync = (g: Generator): boolean => g.fn.async;

/** Statements about tasks. */
export const taskStatements: Forms = {
  "wait": [40, (g) => awaited(g), inAsync],
  "cautious wait": [24, (g) => g.inside({}, () => cautious(g)), inAsync],
  "create task": [14, createTask, (g) => g.room > 8],
  "cancel": [12, cancel],
  "signal": [20, signal, has("queue", "event", "semaphore")],
  "hold": [14, hold, hasIn("lock", "semaphore", "condition")],
  "context": [8, context, has("context variable")],
  "reschedule": [
    60,
    (g) => {
      const { text } = g.find("limit")!;
      return code`${text}.reschedule(${text}.when() + ${duration(g)});`;
    },
    has("limit"),
  ],
};

/** A whole program. */
export function tasks(g: Generator): Node {
  const shared = g.several(1, 3, () => {
    const [kind, make] = g.pick(SHARED);
    const text = `${kind[0]}${g.number()}`;
    g.declare(text, kind);
    return node("statement", `shared ${kind}`, code`const ${text} = ${make(g)};`);
  });
  const variables = g.several(0, 1, () => {
    const text = g.newName("x");
    g.declare(text, "value", { variable: true });
    return node("statement", "variable", code`let ${text} = ${g.literal()};`);
  });
  const declarations = g.several(1, 3, () => {
    g.room = 15 + g.random.below(40);
    return g.once(8) ? classDeclaration(g) : functionDeclaration(g);
  });
  const main = makeFunction(g, { async: true, parameters: 0, only: () => [mainBody(g)] });
  const text = node("statement", "main", code`async function main() ${main.body}`);
  const all = [...shared, ...variables, ...declarations, text];
  return node("program", "program", code`${lines(all)}`);
}

function mainBody(g: Generator): Node {
  const nodes = g.inside({}, () => {
    const count = 1 + g.random.below(TASKS.length);
    const started = TASKS.slice(0, count).map((name) => {
      g.room = 15 + g.random.below(30);
      const async = g.has("async") && g.once(2);
      const made = async ? code`${g.find("async")!.text}, ${args(g)}` : body(g);
      const text = `t${g.number()}`;
      g.declare(text, "task");
      const created = code`const ${text} = createTask({ name: "${name}" }, ${made});`;
      return node("statement", "task", created);
    });
    const more = g.several(1, 3, () => {
      g.room = 15 + g.random.below(20);
      return g.once(2) ? node("statement", "cancel", cancelSoon(g)) : guarded(g, 2);
    });
    const others = g.scope.visible(({ kind }) => kind === "class" || kind === "async generator");
    const uses = others.slice(0, 1).map((name) => {
      g.room = 12;
      return guarded(g, 1, () => use(g, name));
    });
    return [...started, ...more, ...uses];
  });
  return node(
    "statement",
    "program",
    code`try {${lines(nodes)}} catch (e) { log("main caught", e); } finally { await finish(); }`,
  );
}

/** Time passes, and a task is cancelled. */
function cancelSoon(g: Generator): Code {
  return code`await sleep(${duration(g)}); ${cancel(g)}`;
}
