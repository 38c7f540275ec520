/** What programs that use the runtime await and iterate over. */

import { type Code, code, commas, type Node, node } from "./node.ts";
import type { Generator } from "./generator.ts";
import { makeArrow, makeFunction } from "./functions.ts";
import { call } from "./operands.ts";
import type { Kind } from "./scope.ts";

/** A duration in virtual milliseconds: often the same as others. */
export function duration(g: Generator): string {
  return `${g.pick([0, 0, 1, 1, 2, 2, 3, 5])}`;
}

/**
 * An async arrow function: the body of a task, a limit or a group.
 *
 * @param kind What its parameter is, if it has one.
 */
export function body(g: Generator, kind?: "limit" | "group"): Code {
  const text = kind === undefined ? "" : `${kind}${g.number()}`;
  const made = makeFunction(g, {
    arrow: true,
    async: true,
    parameters: 0,
    first: () => {
      if (kind !== undefined) g.declare(text, kind);
      return [];
    },
  });
  return code`async (${text}) => ${made.body}`;
}

/** What `waitFor`, `gather` and their kin take: mostly functions. */
function source(g: Generator): Node {
  const choice = g.random.below(6);
  if (choice < 1 && g.has("task")) return node("expression", "task", code`${g.find("task")!.text}`);
  if (choice < 2) return node("expression", "sleep", sleep(g));
  return work(g);
}

/** A function without parameters that waits. */
export function work(g: Generator): Node {
  const choice = g.random.below(4);
  if (choice < 2 && g.room > 12) return node("expression", "body", body(g));
  const make = (): Node => choice === 2 && g.has("async") ? call(g) : plain(g);
  return node("expression", "arrow", makeArrow(g, { parameters: 0 }, make));
}

function sleep(g: Generator): Code {
  return code`sleep(${duration(g)}, ${g.leaf()})`;
}

function sources(g: Generator): Node[] {
  return g.several(1, 3, () => node("element", "source", code`${source(g)}`));
}

const SHARED: readonly Kind[] = ["queue", "event", "semaphore"];

/** A single wait: for time or for something shared. */
function plain(g: Generator, kinds: readonly Kind[] = [...SHARED, "task"]): Node {
  const found = g.find(...kinds);
  const choice = g.random.below(6);
  if (found === null || choice < 2) return node("expression", "sleep", sleep(g));
  const { text, kind } = found;
  switch (kind) {
    case "event":
      return node("expression", "event wait", code`${text}.wait()`);
    case "task":
      return node("expression", "task", code`${text}`);
    case "semaphore":
      return node("expression", "acquire", code`${text}.acquire()`);
    default:
  }
  if (choice < 3) return node("expression", "queue put", code`${text}.put(${g.leaf()})`);
  if (choice < 4) return node("expression", "queue join", code`${text}.join()`);
  return node("expression", "queue get", code`${text}.get()`);
}

/** Something to await, other than a call. */
export function waiting(g: Generator): Node {
  if (g.room < 6 || g.once(2)) return plain(g);
  switch (g.random.below(10)) {
    case 0:
      return node("expression", "waitFor", code`waitFor(${source(g)}, ${duration(g)})`);
    case 1:
    case 8:
      return node("expression", "timeout", code`timeout(${duration(g)}, ${body(g, "limit")})`);
    case 2:
      return node("expression", "task group", code`taskGroup(${body(g, "group")})`);
    case 3:
      return node("expression", "gather", code`gather(${commas(sources(g), 1)})`);
    case 4: {
      const options = "{ returnExceptions: true }";
      return node("expression", "gather", code`gather([${commas(sources(g))}], ${options})`);
    }
    case 5:
      return node("expression", "shield", code`shield(${source(g)})`);
    case 6:
    case 7: {
      const which = g.pick(["all", "allSettled", "race", "any"]);
      const parts = g.several(1, 3, () => node("element", "source", code`${own(g)}`));
      return node("expression", `Promise.${which}`, code`Promise.${which}([${commas(parts, 1)}])`);
    }
    default:
      return waitOf(g);
  }
}

/**
 * A call that belongs to the running code. Not of what awaits a task: of several that are done, the engine takes a
 * promise before another thenable.
 */
function own(g: Generator): Node {
  if (g.has("async") && g.once(2)) return call(g);
  return node("expression", "own call", code`(async () => await ${plain(g, SHARED)})()`);
}

function waitOf(g: Generator): Node {
  if (!g.has("task")) return plain(g);
  const list = g.several(1, 2, () => node("element", "task", code`${g.find("task")!.text}`));
  const when = g.pick(["FIRST_COMPLETED", "FIRST_EXCEPTION", "ALL_COMPLETED"]);
  const options = g.once(2)
    ? code`, { returnWhen: "${when}" }`
    : code`, { timeout: ${duration(g)} }`;
  const tasks = code`[...new Set([${commas(list, 1)}])]`;
  return node("expression", "wait for tasks", code`counted(wait(${tasks}${options}))`);
}

/** Something for `for await`: a queue, or what finishes. */
export function streamed(g: Generator): Node {
  if (g.has("queue") && !g.once(3)) {
    return node("expression", "queue", code`${g.find("queue")!.text}`);
  }
  const limit = g.once(2) ? "" : code`, { timeout: ${duration(g)} }`;
  const text = code`outcomes(asCompleted([${commas(sources(g))}]${limit}))`;
  return node("expression", "asCompleted", text);
}
