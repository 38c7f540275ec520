/**
 * Compiles one async function: its body becomes a step, and calling it starts a coroutine.
 *
 * @module
 */

import {
  arrow,
  block,
  call,
  declareVar,
  giveBack,
  id,
  isFunction,
  literal,
  member,
  type Node,
} from "../ast.ts";
import { markApart } from "./apart.ts";
import type { Bindings, Variable } from "./bindings.ts";
import { Frame, functionScope } from "./frame.ts";
import type { Lowering } from "./lowering.ts";
import { Machine, Slot } from "./machine.ts";
import { rewrite } from "./rewrite.ts";
import { lowerStatements, unsetEarly } from "./statements.ts";
import { canHoist, meaningsIn, refuseEval, usesOf } from "./uses.ts";

/** What compiling functions of one module shares. */
export interface Module {
  readonly bindings: Bindings;
  readonly driver: (name: string) => Node;
  readonly refuse: (message: string, node: Node) => never;
  /** Where a node of a function was written, for awaits that tell; `null` where they do not. */
  readonly placeOf: ((node: Node, named: Node | null) => string | null) | null;
  readonly shape: Shape;
  /** Steps that need nothing of where their functions stand. */
  readonly steps: Node[];
}

/**
 * What lives across an await: in slots of the coroutine, which is fast and small in memory, or in variables around the
 * step, which is less code.
 */
export type Shape = "slots" | "closures";

/** How many slots a coroutine's class has room for. */
const ROOM: readonly (readonly [slots: number, name: string])[] = [
  [0, "start"],
  [3, "start3"],
  [Infinity, "start8"],
];

/** The names of slots: those that the coroutine itself uses are left out. */
const SLOT_NAMES = [..."abcdefgijlnopqrtuwxyz"];
/** How many slots can be filled when a coroutine is made. */
const CONSTRUCTED = 8;
/** How many values a step is handed when it begins. */
const FIRST = 3;

function slotName(i: number): string {
  const { length } = SLOT_NAMES;
  return i < length ? SLOT_NAMES[i]! : `${SLOT_NAMES[i % length]}${Math.floor(i / length)}`;
}

/**
 * Compiles `fn` in place. Functions inside it have been compiled already.
 *
 * @param named The identifier that it has its name from.
 * @returns How many awaits it has.
 */
export function compileFunction(module: Module, fn: Node, named: Node | null): number {
  const { bindings, driver } = module;
  refuseEval(module, fn);
  if (fn.expression) {
    fn.body = block([giveBack(fn.body)]);
    fn.expression = false;
  }
  const uses = usesOf(fn);
  const hoisted = module.shape === "slots" && canHoist(bindings, fn, uses) &&
    countParameters(bindings, fn) + Number(uses.self) + Number(uses.args) <= CONSTRUCTED;
  const apart = markApart(fn);
  const self = bindings.freshName("s");
  const { placeOf } = module;
  const place = bindings.freshName("at");
  const machine = new Machine(self, place, Boolean(fn.generator), (node) => {
    const where = placeOf?.(node, named) ?? null;
    return where === null ? null : call(driver("place"), [literal(where)]);
  });
  const frame = new Frame(machine, bindings, fn, apart, !hoisted);
  const lowering: Lowering = {
    machine,
    bindings,
    driver,
    apart,
    cellOf: (node) => frame.cellOf(node),
    earlyIn: (node) => frame.earlyIn(node),
    isPrivate: (variable) => frame.isPrivate(variable),
    refuse: module.refuse,
  };
  unsetEarly(lowering, fn);
  lowerStatements(lowering, fn.body.body.filter((node: Node) => node.directive === undefined));
  machine.finish();
  const taken = meaningsIn(bindings, fn);
  const nameFor = (name: string, variable: Variable | null): string => {
    const others = taken.get(name);
    const free = variable !== null && others?.size === 1 && others.has(variable);
    return free ? name : bindings.freshName(name);
  };
  const { slots, locals } = frame.settle(machine.segments(), nameFor);
  const early = hoisted && !fn.generator && machine.beginsOnce() && slots.length > 0 &&
      !uses.self && !uses.args
    ? frame.takeFirst(slots, FIRST)
    : null;
  if (early !== null) slots.length = 0;
  const selfSlot = hoisted && uses.self ? new Slot() : null;
  const argsSlot = hoisted && uses.args ? new Slot() : null;
  const params = hoisted && early === null ? parameterSlots(fn, frame, bindings, slots) : [];
  const extra = Number(selfSlot !== null) + Number(argsSlot !== null);
  const free = slots.filter((slot) => !params.some(([param]) => param === slot));
  const initial = early === null && (!hoisted || slots.length + extra <= CONSTRUCTED)
    ? machine.takeInitial((target) => frame.slotOf(target), free)
    : new Map<Slot, Node>();
  const given: readonly (readonly [Slot, Node])[] = [
    ...(selfSlot === null ? [] : [[selfSlot, { type: "ThisExpression" }] as const]),
    ...(argsSlot === null ? [] : [[argsSlot, id("arguments")] as const]),
    ...params,
    ...(hoisted ? initial : []),
  ];
  const states = machine.build();
  const inOrder = [...given.map(([slot]) => slot)];
  for (const slot of slots) if (!inOrder.includes(slot)) inOrder.push(slot);
  const names = slotNames(inOrder, hoisted, frame, nameFor);
  const body = rewrite({
    bindings,
    driver,
    sent: () => machine.sent(),
    places: frame.places,
    slot: (slot) => slot.local || !hoisted ? id(slot.name) : member(id(self), slot.name),
    self: selfSlot,
    args: argsSlot,
    freshName: (name) => bindings.freshName(name),
  }, states);
  if (locals.length > 0) body.unshift(declareVar(locals.map((name) => ({ name, init: null }))));

  const heads = early === null ? [] : early.map((each) => frame.nameOf(each));
  const name = hoisted ? bindings.freshName(`${named?.name ?? "anonymous"}$`) : null;
  const step = stepFunction(module, fn, name, [self, place, ...heads], body);
  const generator = Boolean(fn.generator);
  const start = generator
    ? "generate"
    : ROOM.find(([room]) => (hoisted ? inOrder.length : 0) <= room)![1];
  const values = early === null
    ? given.map(([, value]) => value)
    : early.map(({ name }) => id(name));
  const started = call(driver(start), [step, ...values], fn);
  const variables = hoisted ? [] : inOrder.map((slot, i) => ({
    name: names[i]!,
    init: initial.get(slot) ?? null,
  }));
  wrap(module, fn, variables, giveBack(started));
  return machine.awaits;
}

/** Names the slots: fields of the coroutine, or variables around the step. */
function slotNames(
  slots: readonly Slot[],
  hoisted: boolean,
  frame: Frame,
  nameFor: (name: string, variable: Variable | null) => string,
): string[] {
  if (hoisted) {
    slots.forEach((slot, i) => slot.name = slotName(i));
    return [];
  }
  const variables = new Map<Slot, Variable>();
  for (const [variable, place] of frame.places) {
    if (place.kind === "slot") variables.set(place.slot, variable);
  }
  return slots.map((slot) => {
    const variable = variables.get(slot) ?? null;
    return slot.name = nameFor(variable?.name ?? "t", variable);
  });
}

/** The parameters that the body uses, with what they are handed over as. */
function parameterSlots(
  fn: Node,
  frame: Frame,
  bindings: Bindings,
  slots: readonly Slot[],
): (readonly [Slot, Node])[] {
  const params: (readonly [Slot, Node])[] = [];
  for (const variable of functionScope(bindings, fn).variables) {
    if (!variable.defs.some(({ type }) => type === "Parameter")) continue;
    const place = frame.places.get(variable);
    const used = variable.references.some(({ identifier }) => isInside(fn.body, identifier));
    if (place?.kind === "slot" && used && slots.includes(place.slot)) {
      params.push([place.slot, id(variable.name)]);
    }
  }
  return params;
}

function countParameters(bindings: Bindings, fn: Node): number {
  const { variables } = functionScope(bindings, fn);
  return variables.filter(({ defs }) => defs.some(({ type }) => type === "Parameter")).length;
}

function isInside(body: Node, node: Node): boolean {
  return (node.start ?? 0) >= (body.start ?? 0) && (node.end ?? 0) <= (body.end ?? Infinity);
}

/** The step, and how the function refers to it; with a name it stands where it needs nothing of the function. */
function stepFunction(
  { steps }: Module,
  fn: Node,
  name: string | null,
  params: readonly string[],
  body: Node[],
): Node {
  if (name === null) return { ...arrow(params.map((each) => id(each)), block(body)), loc: fn.loc };
  steps.push({
    type: "FunctionDeclaration",
    id: id(name),
    params: params.map((each) => id(each)),
    body: block(body),
    async: false,
    generator: false,
    expression: false,
    loc: fn.loc,
  });
  return id(name);
}

/** Makes `fn` the function that starts the coroutine. */
function wrap(
  { bindings, driver }: Module,
  fn: Node,
  variables: readonly { readonly name: string; readonly init: Node | null }[],
  started: Node,
): void {
  const generator = Boolean(fn.generator);
  fn.async = fn.generator = false;
  const body = [...(variables.length > 0 ? [declareVar(variables)] : []), started];
  if (generator || fn.params.every(isSafe)) {
    fn.body = block(body);
    return;
  }
  // What goes wrong with its parameters rejects what it gives.
  const { params } = fn;
  const optional = params.findIndex(({ type }: Node) => /^(Assignment|Rest)/.test(type));
  // As many as before, so that the function's length stays.
  const names: string[] = params.slice(0, optional < 0 ? params.length : optional)
    .map((param: Node) => param.name ?? bindings.freshName("value"));
  const rest = bindings.freshName("rest");
  const args = [
    ...names.map((name) => id(name)),
    ...(optional < 0 ? [] : [{ type: "SpreadElement", argument: id(rest) }]),
  ];
  const inner = arrow(params, block(body));
  const error = bindings.freshName("error");
  fn.params = [
    ...names.map((name) => id(name)),
    ...(optional < 0 ? [] : [{ type: "RestElement", argument: id(rest) }]),
  ];
  fn.body = block([{
    type: "TryStatement",
    block: block([giveBack(call(inner, args))]),
    handler: {
      type: "CatchClause",
      param: id(error),
      body: block([giveBack(call(driver("reject"), [id(error)]))]),
    },
    finalizer: null,
  }]);
}

/** Whether nothing can go wrong in filling a parameter. */
function isSafe(param: Node): boolean {
  if (param.type === "Identifier") return true;
  if (param.type === "RestElement") return param.argument.type === "Identifier";
  return param.type === "AssignmentPattern" && param.left.type === "Identifier" &&
    (param.right.type === "Literal" || isFunction(param.right) ||
      (/^(Array|Object)Expression$/.test(param.right.type) &&
        (param.right.elements ?? param.right.properties).length === 0));
}
