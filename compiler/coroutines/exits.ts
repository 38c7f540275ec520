/**
 * What a jump has to do on its way out of statements: run what is in `finally`, close what a loop iterates over.
 *
 * @module
 */

import {
  assign,
  block,
  element,
  giveBack,
  literal,
  type Node,
  nothing,
  raise,
  statement,
  when,
} from "../ast.ts";
import { type Label, protectBy, reference } from "./blocks.ts";
import type { Machine, Slot } from "./machine.ts";

/** A statement around the code that is being compiled, as jumps see it. */
export type Context =
  | {
    readonly kind: "target";
    readonly names: readonly string[];
    readonly onBreak: Label | null;
    readonly onContinue: Label | null;
    /** Whether a `break` without a label means it. */
    readonly plain: boolean;
  }
  | {
    readonly kind: "closing";
    /** What happens on the way out. */
    readonly code: () => Node[];
    readonly handler: Label | null;
  }
  | {
    readonly kind: "finally";
    readonly entry: Label;
    /** Where to go on after the `finally`, and what is returned or thrown there. */
    readonly next: Slot;
    readonly value: Slot;
    readonly handler: Label | null;
    /** Where to go on when it was reached in the ordinary way. */
    readonly after: Label;
    readonly landings: Landing[];
  };

/** What a jump across a `finally` does behind it. */
interface Landing {
  readonly key: Label | "return" | "throw";
  readonly label: Label;
  /** The assignments that say so. */
  readonly sets: Node[];
  /** The statements that keep what is returned or thrown. */
  readonly keeps: Node[];
}

/** The statements that leave for `target`, through what is to be done on the way. */
export function leave(machine: Machine, target: Label): Node[] {
  return leaveFrom(machine, machine.contexts.length, target, machine.handler);
}

function leaveFrom(machine: Machine, depth: number, target: Label, handler: Label | null): Node[] {
  for (let i = depth - 1; i >= 0; i--) {
    const context = machine.contexts[i]!;
    if (context.kind === "finally") return enter(machine, context, target, null);
    if (context.kind === "closing") {
      return [
        ...machine.protectCode(context.handler, handler),
        ...context.code(),
        ...leaveFrom(machine, i, target, context.handler),
      ];
    }
    if (context.onBreak === target || context.onContinue === target) break;
  }
  return machine.jumpCode(target, handler);
}

/** The statements that return `value` from the function. */
export function returning(machine: Machine, value: Node | null): Node[] {
  return returnFrom(machine, machine.contexts.length, value, machine.handler);
}

function returnFrom(
  machine: Machine,
  depth: number,
  value: Node | null,
  handler: Label | null,
): Node[] {
  for (let i = depth - 1; i >= 0; i--) {
    const context = machine.contexts[i]!;
    if (context.kind === "finally") return enter(machine, context, "return", value ?? nothing());
    if (context.kind === "closing") {
      const slot = value === null ? null : machine.slot();
      return [
        ...(slot === null ? [] : [statement(assign(machine.use(slot), value!))]),
        ...machine.protectCode(context.handler, handler),
        ...context.code(),
        ...returnFrom(machine, i, slot === null ? null : machine.use(slot), context.handler),
      ];
    }
  }
  return [giveBack(value)];
}

/** `try { body } finally { finalize }` */
export function tryFinally(machine: Machine, body: () => void, finalize: () => void): void {
  const thrown = machine.label();
  const context = {
    kind: "finally" as const,
    entry: machine.label(),
    next: machine.slot(),
    value: machine.slot(),
    handler: machine.handler,
    after: machine.label(),
    landings: [],
  };
  machine.contexts.push(context);
  machine.protect(thrown, body);
  machine.contexts.pop();
  machine.do(() => enter(machine, context, context.after, null));
  machine.handle(thrown);
  machine.do(() => enter(machine, context, "throw", machine.sent()));
  machine.mark(context.entry);
  machine.emit(protectBy(context.handler));
  finalize();
  land(machine, context);
  machine.mark(context.after);
}

/** The statements that run a `finally` and go on behind it with `key`. */
function enter(
  machine: Machine,
  context: Extract<Context, { kind: "finally" }>,
  key: Landing["key"],
  value: Node | null,
): Node[] {
  let landing = context.landings.find((each) => each.key === key);
  if (landing === undefined) {
    // Behind a `finally` that has run through there is no more to leave.
    const direct = key === context.after;
    landing = {
      key,
      label: direct ? context.after : machine.label(context.handler),
      sets: [],
      keeps: [],
    };
    context.landings.push(landing);
  }
  const code: Node[] = [];
  if (value !== null) {
    const keep = statement(assign(machine.use(context.value), value));
    landing.keeps.push(keep);
    code.push(keep);
  }
  const set = assign(machine.use(context.next), reference(landing.label));
  landing.sets.push(set);
  code.push(statement(set));
  return [...code, ...machine.jumpCode(context.entry)];
}

/** The code behind a `finally`: one place for each way of having come. The context is not in force any more. */
function land(
  machine: Machine,
  { landings, next, value, after }: Extract<Context, { kind: "finally" }>,
): void {
  const thrown = landings.find(({ key }) => key === "throw");
  const normal = landings.find(({ key }) => key === after);
  if (thrown !== undefined && landings.length === (normal === undefined ? 1 : 2)) {
    // Only two ways: what was thrown, in a box, is thrown on, or there is nothing to do.
    for (const { sets, keeps, label, key } of landings) {
      label.uses -= sets.length;
      for (const set of sets) {
        set.right = key === "throw"
          ? { type: "ArrayExpression", elements: [machine.sent()] }
          : literal(0);
      }
      for (const keep of keeps) {
        keep.type = "EmptyStatement";
        delete keep["expression"];
      }
    }
    const box = element(machine.use(next), literal(0));
    if (!machine.ended) machine.emit(when(machine.use(next), block([raise(box)])));
    return;
  }
  if (!machine.ended) machine.end({ type: "Dispatch", value: machine.use(next) });
  for (const { key, label } of landings) {
    if (key === after) continue;
    machine.mark(label);
    const outcome = machine.use(value);
    if (key === "throw") machine.end(raise(outcome));
    else machine.do(() => key === "return" ? returning(machine, outcome) : leave(machine, key));
  }
}
