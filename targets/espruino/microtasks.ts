import type { Coroutine } from "../../runtime/coroutine.ts";
import { currentScope, enter } from "../../runtime/current_scope.ts";
import { reaches } from "../../runtime/reaches.ts";
import type { Ready } from "../../runtime/ready.ts";
import { LONGEST_STREAK, rest } from "../../runtime/streak.ts";
import { Settled } from "../../runtime/wait_base.ts";

/** What goes on, in an array: the interpreter's own is smaller than a list of ours. */
const waiting: Coroutine[] = [];
let driving = false;

/** Steps a node and everything that it resumes. Only the platform's timer calls, and nodes catch what they throw. */
export function stepNode(node: Ready): void {
  driving = true;
  node.step();
  drain();
}

/** A handler of a foreign promise: it runs in the scope in which it was made, and what it resumes goes on. */
export function inScope<A extends unknown[]>(fn: (...args: A) => void): (...args: A) => void {
  const scope = currentScope();
  return (...args) => {
    const outer = enter(scope);
    const within = driving;
    driving = true;
    fn(...args);
    if (!within) drain();
    driving = within;
    enter(outer);
  };
}

/** Queues what goes on; what was begun outside the loop does so with its next turn. */
export function enqueue(coroutine: Coroutine): void {
  waiting.push(coroutine);
}

/** Lets go on what can, first in, first out. */
function drain(): void {
  for (let left = LONGEST_STREAK; waiting.length > 0; left--) {
    if (reaches(Settled) && left <= 0 && rest(waiting[0]!)) break;
    const coroutine = waiting.shift()!;
    enter(coroutine.scope);
    coroutine.goOn();
  }
  driving = false;
  enter(null);
}
