/**
 * The microtasks of compiled code: coroutines that go on before the loop takes the next node. A target can have a
 * module of its own in the place of this one.
 *
 * @module
 */

import type { Coroutine } from "./coroutine.ts";
import { currentScope, enter } from "./current_scope.ts";
import { equipment } from "./equipment.ts";
import type { Ready } from "./ready.ts";
import { LONGEST_STREAK, rest } from "./streak.ts";

/** What goes on, first in, first out, through `nextWaiter`. */
let first: Coroutine | null = null;
let last: Coroutine | null = null;
/** Whether somebody is going to drain. */
let driving = false;
let asked = false;

/** Steps a node of the ready queue and everything that it resumes. */
export function stepNode(node: Ready): void {
  const outer = enter(null);
  const within = driving;
  driving = true;
  try {
    node.step();
    const only = first;
    if (only !== null && only === last) {
      // What a turn resumes is one coroutine nearly always: nobody has to queue for it.
      first = last = null;
      enter(only.scope);
      only.goOn();
    }
  } finally {
    if (first !== null) drain();
    // A platform's own coroutine may be what calls.
    driving = within;
    enter(outer);
  }
}

/** A handler of a foreign promise: it runs in the scope in which it was made, and what it resumes goes on. */
export function inScope<A extends unknown[]>(fn: (...args: A) => void): (...args: A) => void {
  const scope = currentScope();
  return (...args) => {
    const outer = enter(scope);
    const within = driving;
    driving = true;
    try {
      fn(...args);
    } finally {
      if (!within) drain();
      driving = within;
      enter(outer);
    }
  };
}

/**
 * Queues what goes on. Outside a turn of the loop nobody drains, so a microtask of the engine's has to; where there is
 * none, what was begun outside the loop goes on with its next turn.
 */
export function enqueue(coroutine: Coroutine): void {
  if (last === null) first = coroutine;
  else last.nextWaiter = coroutine;
  last = coroutine;
  if (driving || asked || equipment.soon === undefined) return;
  asked = true;
  equipment.soon(drainAsked);
}

function drainAsked(): void {
  asked = false;
  if (first !== null) drain();
}

/** Lets go on what can. */
function drain(): void {
  driving = true;
  // What coroutines throw is theirs: only a mistake of ours gets past this.
  try {
    for (let left = LONGEST_STREAK; first !== null; left--) {
      if (left <= 0 && rest(first)) break;
      const coroutine: Coroutine = first;
      first = coroutine.nextWaiter as Coroutine | null;
      if (first === null) last = null;
      coroutine.nextWaiter = null;
      enter(coroutine.scope);
      coroutine.goOn();
    }
  } finally {
    driving = false;
    enter(null);
  }
}
