/**
 * Object literals and classes whose parts await.
 *
 * @module
 */

import { call, isFunction, literal, type Node } from "../ast.ts";
import { lowerExpression } from "./expressions.ts";
import { isConstant, isNameless, type Lowering, named, release, save } from "./lowering.ts";

export function lowerObject(lowering: Lowering, node: Node): Node {
  const { apart } = lowering;
  const { properties } = node;
  let last = properties.length - 1;
  while (last >= 0 && !apart.has(properties[last])) last--;
  const held: (Node | null)[] = [];
  const result = properties.map((property: Node, i: number): Node => {
    if (i > last) return property;
    if (property.type === "SpreadElement") {
      const argument = lowerExpression(lowering, property.argument);
      if (i === last) return { ...property, argument };
      // What is spread is read now.
      const copy = save(lowering, {
        type: "ObjectExpression",
        properties: [{ type: "SpreadElement", argument }],
      });
      held.push(copy);
      return { type: "SpreadElement", argument: copy };
    }
    let { key, value } = property;
    if (property.computed) {
      key = lowerExpression(lowering, key);
      if (apart.has(value) || i < last) {
        // A key is turned into a name once, before its value is evaluated.
        key = isConstant(lowering, key) && key.type === "Literal" ? key : save(
          lowering,
          call(lowering.driver("propertyKey"), [key]),
        );
        held.push(key);
      }
    }
    const plain = property.kind === "init" && !property.method;
    if (!plain) return { ...property, key };
    const isClass = isNameless(value) && !isFunction(value);
    const takesName = isClass && !property.computed && key.type === "Identifier";
    const isLater = isFunction(value) && isNameless(value);
    value = lowerExpression(lowering, value);
    if (i < last && !isLater) {
      value = save(lowering, takesName ? named(key.name, value) : value);
      held.push(value);
    }
    return { ...property, key, value, ...longhand(property) };
  });
  release(lowering, ...held);
  return { ...node, properties: result };
}

/** Written out, a property called `__proto__` would be the prototype. */
export function longhand({ shorthand, key, computed }: Node): Partial<Node> {
  if (!shorthand || key.name !== "__proto__") return { shorthand: false, computed };
  return { shorthand: false, computed: true, key: literal("__proto__") };
}

/** A class whose heritage or computed keys await: they are evaluated before it, in order. */
export function lowerClass(lowering: Lowering, node: Node): Node {
  const { apart, machine } = lowering;
  const parts: Node[] = [];
  const superClass = node.superClass === null
    ? null
    : save(lowering, lowerExpression(lowering, node.superClass));
  if (superClass !== null) parts.push(superClass);
  const body = node.body.body.map((each: Node): Node => {
    if (!each.computed) return each;
    const key = lowerExpression(lowering, each.key);
    if (!node.body.body.some((other: Node) => other.computed && apart.has(other.key))) {
      return { ...each, key };
    }
    const name = machine.temporary();
    machine.set(name, call(lowering.driver("propertyKey"), [key]));
    parts.push(machine.use(name));
    return { ...each, key: machine.use(name) };
  });
  release(lowering, ...parts);
  return { ...node, superClass, body: { ...node.body, body } };
}
