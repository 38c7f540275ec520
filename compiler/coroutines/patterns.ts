/**
 * Destructuring whose defaults or keys await: taken apart into single steps, in JavaScript's order.
 *
 * @module
 */

import {
  assign,
  binary,
  call,
  construct,
  element,
  literal,
  member,
  type Node,
  nothing,
  statement,
} from "../ast.ts";
import { lowerExpression } from "./expressions.ts";
import { again, isConstant, isNameless, type Lowering, named, release, save } from "./lowering.ts";
import { close } from "./loops.ts";
import { lowerTarget } from "./operands.ts";

/** Assigns `value` to `target`: a name, a property, or a pattern; `value` is evaluated once, now or later. */
export function assignPattern(lowering: Lowering, target: Node, value: Node): void {
  const { machine, apart } = lowering;
  if (!apart.has(target) && target.type !== "AssignmentPattern") {
    return machine.emit(statement(assign(target, value)));
  }
  switch (target.type) {
    case "AssignmentPattern":
      return assignDefault(lowering, target, value);
    case "ObjectPattern":
      return assignObject(lowering, target, save(lowering, value));
    case "ArrayPattern":
      return assignArray(lowering, target, value);
    case "MemberExpression": {
      const held = save(lowering, value);
      const place = lowerTarget(lowering, target, false);
      machine.emit(statement(assign(place.use(), held)));
      release(lowering, held, ...place.parts);
      return;
    }
    default:
      lowering.refuse(`Cannot compile an await in ${target.type}`, target);
  }
}

function assignDefault(lowering: Lowering, { left, right }: Node, value: Node): void {
  const { machine } = lowering;
  const slot = machine.temporary();
  machine.set(slot, value);
  const there = machine.label();
  machine.jumpIf(binary("!==", machine.use(slot), nothing()), there);
  const takesName = left.type === "Identifier" && isNameless(right);
  const fallback = lowerExpression(lowering, right);
  machine.set(slot, takesName ? named(left.name, fallback) : fallback);
  machine.mark(there);
  assignPattern(lowering, left, machine.use(slot));
  machine.release(slot);
}

function assignObject(lowering: Lowering, { properties }: Node, value: Node): void {
  const { machine, apart, driver } = lowering;
  const use = (): Node => again(lowering, value);
  // As in JavaScript, what has no properties cannot be taken apart.
  machine.emit(statement(call(driver("requireObject"), [use()])));
  const hasRest = properties.some((each: Node) => each.type === "RestElement");
  const taken: Node[] = [];
  for (const property of properties) {
    if (property.type === "RestElement") {
      const names: Node = { type: "ArrayExpression", elements: taken };
      assignTo(lowering, property.argument, () => call(driver("restOf"), [use(), names]));
      continue;
    }
    let key = property.key;
    let computed = property.computed;
    if (computed) {
      key = lowerExpression(lowering, key);
      // A target is evaluated after its key.
      if (hasRest || apart.has(property.value) || isProperty(property.value)) {
        if (!isConstant(lowering, key)) key = save(lowering, call(driver("propertyKey"), [key]));
      }
    } else if (key.type === "Identifier") {
      key = literal(key.name);
      computed = true;
    }
    if (hasRest) {
      const isName = key.type === "Literal";
      taken.push(isName ? literal(String(key.value)) : again(lowering, key));
    }
    assignTo(
      lowering,
      property.value,
      () =>
        property.computed || key.type !== "Literal" || typeof key.value !== "string"
          ? element(use(), key)
          : /^[A-Za-z_$][\w$]*$/.test(key.value)
          ? member(use(), key.value)
          : element(use(), key),
    );
    if (!hasRest) release(lowering, key);
  }
}

function isProperty(target: Node): boolean {
  return (target.type === "AssignmentPattern" ? target.left : target).type === "MemberExpression";
}

/** Assigns what `read` makes; a property that is assigned to is evaluated before that. */
function assignTo(lowering: Lowering, target: Node, read: () => Node): void {
  const { machine, apart } = lowering;
  const place = target.type === "AssignmentPattern" ? target.left : target;
  if (place.type !== "MemberExpression" || (!apart.has(target) && place === target)) {
    return assignPattern(lowering, target, read());
  }
  const held = lowerTarget(lowering, place, true);
  if (target.type === "AssignmentPattern") {
    const slot = machine.temporary();
    machine.set(slot, read());
    const there = machine.label();
    machine.jumpIf(binary("!==", machine.use(slot), nothing()), there);
    machine.set(slot, lowerExpression(lowering, target.right));
    machine.mark(there);
    machine.emit(statement(assign(held.use(), machine.use(slot))));
    machine.release(slot);
  } else machine.emit(statement(assign(held.use(), read())));
  release(lowering, ...held.parts);
}

function assignArray(lowering: Lowering, { elements }: Node, value: Node): void {
  const { machine, driver } = lowering;
  const slot = machine.slot();
  machine.set(slot, construct(driver("ForOf"), [value]));
  const iterator = (): Node => machine.use(slot);
  close(lowering, iterator, () => {
    for (const each of elements as (Node | null)[]) {
      const next = (): Node =>
        call(member(iterator(), each?.type === "RestElement" ? "rest" : "take"), []);
      if (each === null) machine.emit(statement(next()));
      else assignTo(lowering, each.type === "RestElement" ? each.argument : each, next);
    }
    machine.emit(statement(call(member(iterator(), "close"), [])));
  });
}
