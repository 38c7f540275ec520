/**
 * Destructuring, default values and rest parameters, taken apart into single assignments.
 *
 * @module
 */

import {
  assign,
  binary,
  block,
  call,
  element,
  id,
  isFunction,
  literal,
  member,
  type Node,
  nothing,
  statement,
  when,
} from "../ast.ts";
import {
  array,
  bodyOf,
  declareLet,
  eachList,
  functionOf,
  isSimple,
  type Lowered,
  rewrite,
  sequence,
  walkOwn,
} from "./tree.ts";
import { keyOf } from "./operators.ts";

/** Takes apart what destructures. */
export function lowerPatterns(lowered: Lowered): void {
  lowerParameters(lowered);
  lowerHeads(lowered);
  eachList(
    lowered.program,
    (list) =>
      list.flatMap((each) =>
        each.type === "VariableDeclaration" ? declaration(lowered, each) : [each]
      ),
  );
  rewrite(lowered.program, (node, { fn, parent }) => {
    if (node.type !== "AssignmentExpression" || !isPattern(node.left)) return node;
    const isStatement = parent.type === "ExpressionStatement";
    return assignment(lowered, node, () => lowered.temporary(fn), isStatement);
  });
}

function isPattern(node: Node | null | undefined): boolean {
  return node?.type === "ObjectPattern" || node?.type === "ArrayPattern";
}

/** `a === undefined` */
function isMissing(node: Node): Node {
  return binary("===", node, nothing());
}

/** Parameters that have to be taken apart become statements of the function. */
function lowerParameters(lowered: Lowered): void {
  rewrite(lowered.program, (node) => {
    if (!isFunction(node)) return node;
    const first: Node[] = [];
    let rest = false;
    node.params.forEach((param: Node, i: number) => {
      if (param.type === "RestElement") {
        rest = true;
        node.params.length = i;
        first.push(...bind(lowered, param.argument, argumentsFrom(i)));
        return;
      }
      let target = param;
      let fallback: Node | null = null;
      if (param.type === "AssignmentPattern") [target, fallback] = [param.left, param.right];
      const name = isPattern(target) ? lowered.fresh("p") : target.name;
      if (fallback !== null) {
        first.push(when(isMissing(id(name)), statement(assign(id(name), fallback))));
      }
      if (isPattern(target)) {
        first.push(...bind(lowered, target, id(name)));
        target = id(name);
      }
      node.params[i] = target;
    });
    if (first.length === 0) return node;
    const body = bodyOf(node);
    body.unshift(...first);
    // An arrow function's own `arguments` are what the interpreter has, but no other engine.
    return rest && node.type === "ArrowFunctionExpression" ? plainFunction(node) : node;
  });
}

function argumentsFrom(i: number): Node {
  const args = i === 0 ? [id("arguments")] : [id("arguments"), literal(i)];
  return call(member(member(array([]), "slice"), "call"), args);
}

/** An arrow function as one with `arguments` of its own, whose `this` is still that around it. */
function plainFunction(arrow: Node): Node {
  let usesThis = false;
  walkOwn(arrow, (node) => usesThis ||= node.type === "ThisExpression", true);
  const made = { ...functionOf(arrow.params, bodyOf(arrow), arrow) };
  if (!usesThis) return made;
  return call(member(made, "bind"), [{ type: "ThisExpression" }]);
}

/** Patterns in the heads of loops and in catch clauses go into the bodies. */
function lowerHeads(lowered: Lowered): void {
  rewrite(lowered.program, (node) => {
    if (node.type === "ForOfStatement" || node.type === "ForInStatement") {
      const { left } = node;
      const target = left.type === "VariableDeclaration" ? left.declarations[0].id : left;
      if (!isPattern(target)) return node;
      const name = lowered.fresh("x");
      const kind = left.type === "VariableDeclaration" ? left.kind : null;
      const first = kind === null
        ? [statement(assign(target, id(name)))]
        : bind(lowered, target, id(name), kind);
      return { ...node, left: declareLet(name, null), body: block([...first, node.body]) };
    }
    if (node.type === "ForStatement" && node.init?.type === "VariableDeclaration") {
      if (!node.init.declarations.some((each: Node) => isPattern(each.id))) return node;
      return block([...declaration(lowered, node.init), { ...node, init: null }]);
    }
    if (node.type === "CatchClause" && isPattern(node.param)) {
      const name = lowered.fresh("e");
      node.body.body.unshift(...bind(lowered, node.param, id(name)));
      return { ...node, param: id(name) };
    }
    return node;
  });
}

/** A declaration without patterns. */
function declaration(lowered: Lowered, node: Node): Node[] {
  if (!node.declarations.some((each: Node) => isPattern(each.id))) return [node];
  return node.declarations.flatMap((each: Node): Node[] =>
    isPattern(each.id)
      ? bind(lowered, each.id, each.init, node.kind, each)
      : [{ ...node, declarations: [each] }]
  );
}

/** Declares what a pattern names. */
function bind(lowered: Lowered, pattern: Node, value: Node, kind = "let", like?: Node): Node[] {
  if (pattern.type === "Identifier") {
    const made = declareLet(pattern.name, value, kind);
    made.declarations[0].id = pattern;
    return [made];
  }
  const made: Node[] = [];
  const declare = (target: Node, init: Node): void => {
    made.push({ ...declareLet(target.name, init, kind), loc: target.loc ?? like?.loc });
    made.at(-1)!.declarations[0].id = target;
  };
  takeApart(lowered, pattern, value, {
    hold(init) {
      const name = lowered.fresh("o");
      made.push(declareLet(name, init));
      return id(name);
    },
    put(target, init, fallback) {
      if (target.type !== "Identifier") {
        const held = fallback === null ? init : withDefault(init, fallback, this.hold);
        made.push(...bind(lowered, target, held, kind));
        return;
      }
      declare(target, init);
      if (fallback === null) return;
      if (kind === "const") made.at(-1)!.kind = "let";
      made.push(when(isMissing(id(target.name)), statement(assign(id(target.name), fallback))));
    },
  });
  return made;
}

function withDefault(init: Node, fallback: Node, hold: (init: Node) => Node): Node {
  const held = hold(init);
  return {
    type: "ConditionalExpression",
    test: isMissing(held),
    consequent: fallback,
    alternate: { ...held },
  };
}

/** Assigns to what a pattern names. */
function assignment(
  lowered: Lowered,
  { left, right }: Node,
  temporary: () => string,
  isStatement: boolean,
): Node {
  const steps: Node[] = [];
  const hold = (init: Node): Node => {
    const name = temporary();
    steps.push(assign(id(name), init));
    return id(name);
  };
  const put = (target: Node, init: Node, fallback: Node | null): void => {
    const value = fallback === null ? init : withDefault(init, fallback, hold);
    if (isPattern(target)) takeApart(lowered, target, value, { hold, put });
    else steps.push(assign(target, value));
  };
  const value = isSimple(right) && isStatement ? right : hold(right);
  takeApart(lowered, left, value, { hold, put });
  if (!isStatement || steps.length === 0) steps.push({ ...value });
  return sequence(steps);
}

/** Where the parts of a pattern go. */
interface Parts {
  /** Keeps a value for several uses. */
  hold(init: Node): Node;
  put(target: Node, init: Node, fallback: Node | null): void;
}

function takeApart(lowered: Lowered, pattern: Node, value: Node, parts: Parts): void {
  const list: (Node | null)[] = pattern.properties ?? pattern.elements;
  if (pattern.type === "ArrayPattern") return takeElements(lowered, list, value, parts);
  const several = list.length > 1 || list[0]?.type === "RestElement";
  const source = isSimple(value) || (!several && list.length > 0) ? value : parts.hold(value);
  const taken: Node[] = [];
  for (const each of list as Node[]) {
    if (each.type === "RestElement") {
      parts.put(each.argument, call(lowered.helper("restOf"), [source, array(taken)]), null);
      continue;
    }
    let { key, computed } = each;
    const { value: inner } = each;
    if (computed && !isSimple(key)) key = parts.hold(key);
    if (computed && key.type === "Literal") computed = false;
    taken.push(keyOf({ type: "Property", key, computed }));
    const read = computed || key.type !== "Identifier"
      ? element({ ...source }, { ...key })
      : member({ ...source }, key.name, key);
    if (inner.type === "AssignmentPattern") parts.put(inner.left, read, inner.right);
    else parts.put(inner, read, null);
  }
}

function takeElements(
  lowered: Lowered,
  list: readonly (Node | null)[],
  value: Node,
  parts: Parts,
): void {
  const iterates = lowered.program.iterates === true && value.type !== "ArrayExpression";
  const rest = list.at(-1)?.type === "RestElement";
  const whole = !iterates
    ? value
    : rest
    ? call(lowered.helper("list"), [value])
    : call(lowered.helper("take"), [value, literal(list.length)]);
  const source = isSimple(whole) ? whole : parts.hold(whole);
  list.forEach((each, i) => {
    if (each === null) return;
    if (each.type === "RestElement") {
      const args = i === 0 ? [{ ...source }] : [{ ...source }, literal(i)];
      return parts.put(each.argument, call(member(member(array([]), "slice"), "call"), args), null);
    }
    const read = element({ ...source }, literal(i));
    if (each.type === "AssignmentPattern") parts.put(each.left, read, each.right);
    else parts.put(each, read, null);
  });
}
