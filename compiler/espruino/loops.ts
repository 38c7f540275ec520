/**
 * Loops: what is iterated over, and variables of which every turn has its own.
 *
 * @module
 */

import {
  assign,
  binary,
  block,
  call,
  copyPath,
  element,
  id,
  isFunction,
  isLoop,
  literal,
  member,
  namesIn,
  type Node,
  not,
  replaceChildren,
  statement,
} from "../ast.ts";
import { type Scopes } from "./scopes.ts";
import { declareLet, isSimple, type Lowered, rewrite, sequence, walk, walkOwn } from "./tree.ts";

/** What `Symbol.iterator` is called where there are no symbols. */
export const ITERATOR = "$iterator";

/** Whether a program iterates over more than arrays, strings and typed arrays. */
export function iteratesOverMore(program: Node, scopes: Scopes): boolean {
  let found = false;
  walk(program, (node) => {
    if (isFunction(node) && node.generator) found = true;
    if (scopes.isGlobal(node, "Map", "Set", "Symbol")) found = true;
    const name = node.type === "Property" || node.type === "MethodDefinition" ||
        node.type === "MemberExpression"
      ? node.key ?? node.property
      : null;
    if (name?.name === ITERATOR) found = true;
  });
  return found;
}

/** Spells out `for (x of y)` and `for (x in y)` where the interpreter's own would do something else. */
export function lowerIteration(lowered: Lowered): void {
  const protocol = lowered.program.iterates === true;
  const closes = protocol && hasReturnMethod(lowered.program);
  rewrite(lowered.program, (node, { parent }) => {
    if (node.type === "ForInStatement") return lowerForIn(node);
    if (node.type !== "ForOfStatement") return node;
    if (node.await) {
      lowered.refuse("Cannot compile this for await: it is in no async function", node);
    }
    const inner = block(node.body.type === "BlockStatement" ? node.body.body : [node.body]);
    inner.loc = node.body.loc;
    const label = parent.type === "LabeledStatement" ? parent.label.name : null;
    if (protocol) return iterated(lowered, { ...node, body: inner }, closes, label);
    return isFresh(node.right) || !makesCalls(node.body) ? node : indexed(lowered, node, inner);
  });
}

function lowerForIn(node: Node): Node {
  const keys = call(member(id("Object"), "keys"), [node.right], node.right);
  return { ...node, type: "ForOfStatement", right: keys, await: false };
}

/** Whether nobody else has what is iterated over. */
function isFresh(node: Node): boolean {
  return node.type === "ArrayExpression" || node.type === "CallExpression" ||
    (node.type === "Literal" && typeof node.value === "string");
}

function makesCalls(node: Node): boolean {
  let found = false;
  walk(node, ({ type }) => found ||= type === "CallExpression" || type === "NewExpression");
  return found;
}

function hasReturnMethod(program: Node): boolean {
  let found = false;
  walk(program, (node) => {
    if (node.type === "Property" || node.type === "MethodDefinition") {
      if (node.key.name === "return" || node.key.value === "return") found = true;
    }
    if (isFunction(node) && node.generator) {
      walkOwn(node, ({ type, finalizer }) => {
        if (type === "TryStatement" && finalizer !== null) found = true;
      });
    }
  });
  return found;
}

/** The statement that begins a turn: declares or assigns what the head of a loop names. */
function begin(left: Node, value: Node): Node {
  if (left.type !== "VariableDeclaration") return statement(assign(left, value));
  const [first] = left.declarations;
  return { ...left, declarations: [{ ...first, init: value }] };
}

/** An array by its indexes: the interpreter's own loop ends where what it is at is removed. */
function indexed(lowered: Lowered, node: Node, body: Node): Node {
  const i = lowered.fresh("i");
  const simple = isSimple(node.right) && node.right.type !== "Literal";
  const name = simple ? null : lowered.fresh("a");
  const list = (): Node => name === null ? copyPath(node.right) : id(name);
  const init = declareLet(i, literal(0));
  if (name !== null) init.declarations.push(declareLet(name, node.right).declarations[0]);
  return {
    type: "ForStatement",
    init,
    test: binary("<", id(i), member(list(), "length")),
    update: { type: "UpdateExpression", operator: "++", prefix: false, argument: id(i) },
    body: { ...body, body: [begin(node.left, element(list(), id(i))), ...body.body] },
    loc: node.loc,
  };
}

/** Anything by its iterator. */
function iterated(lowered: Lowered, node: Node, closes: boolean, label: string | null): Node {
  const it = lowered.fresh("it");
  const step = lowered.fresh("s");
  let { body } = node;
  const close = (): Node =>
    statement({
      type: "LogicalExpression",
      operator: "&&",
      left: member(id(it), "return"),
      right: call(member(id(it), "return"), []),
    });
  if (closes) body = closing(lowered, body, close, label);
  const init = declareLet(it, call(lowered.helper("iterate"), [node.right], node.right));
  init.declarations.push(declareLet(step, null).declarations[0]);
  return {
    type: "ForStatement",
    init,
    test: not(
      member(assign(id(step), call(member(id(it), "next"), [])), "done"),
    ),
    update: null,
    body: { ...body, body: [begin(node.left, member(id(step), "value")), ...body.body] },
    loc: node.loc,
  };
}

/** Closes the iterator wherever the loop is left before its end. */
function closing(lowered: Lowered, body: Node, close: () => Node, label: string | null): Node {
  const into = (node: Node, inSwitch: boolean): Node => {
    if (isFunction(node) || node.type === "ClassDeclaration") return node;
    const within = inSwitch || isLoop(node) || node.type === "SwitchStatement";
    replaceChildren(node, (child) => into(child, within));
    if (node.type === "ReturnStatement") {
      if (node.argument === null || node.argument.type === "Literal") return block([close(), node]);
      const name = lowered.fresh("r");
      return block([
        declareLet(name, node.argument),
        close(),
        { ...node, argument: id(name) },
      ]);
    }
    const leaves = node.type === "BreakStatement"
      ? node.label === null ? !inSwitch : isOutside(body, node.label.name)
      : node.type === "ContinueStatement" && node.label !== null &&
        node.label.name !== label && isOutside(body, node.label.name);
    return leaves ? block([close(), node]) : node;
  };
  const error = lowered.fresh("e");
  const closed = into(body, false);
  return block([{
    type: "TryStatement",
    block: closed,
    handler: {
      type: "CatchClause",
      param: id(error),
      body: block([close(), { type: "ThrowStatement", argument: id(error) }]),
    },
    finalizer: null,
  }]);
}

/** Whether a label is none of a statement inside `body`. */
function isOutside(body: Node, name: string): boolean {
  let inside = false;
  walk(body, (node) => inside ||= node.type === "LabeledStatement" && node.label.name === name);
  return !inside;
}

/** Gives every turn of a loop its own variables where functions keep them. */
export function lowerTurns(lowered: Lowered): void {
  const scopes = lowered.scopes();
  rewrite(lowered.program, (node) => {
    const head = node.type === "ForStatement" ? node.init : node.left;
    if (!/^For/.test(node.type) || head?.type !== "VariableDeclaration" || head.kind === "var") {
      return node;
    }
    const names: Node[] = head.declarations.flatMap((each: Node) => namesIn(each.id));
    const kept = names.filter((name) => isKept(scopes, name));
    if (kept.length === 0) return node;
    const body = node.body.type === "BlockStatement" ? node.body.body : [node.body];
    if (node.type !== "ForStatement") {
      const name = lowered.fresh("x");
      return {
        ...node,
        left: declareLet(name, null),
        body: block([begin(head, id(name)), ...body]),
      };
    }
    return turns(lowered, node, kept, body, scopes);
  });
}

/** Whether a function inside uses a variable. */
function isKept(scopes: Scopes, name: Node): boolean {
  const variable = scopes.of(name);
  return variable !== undefined &&
    variable.references.some(({ from }) => from.variableScope !== variable.scope.variableScope);
}

/** `for (let i = 0; i < n; i++) body`, in which functions keep `i`. */
function turns(
  lowered: Lowered,
  node: Node,
  kept: readonly Node[],
  body: readonly Node[],
  scopes: Scopes,
): Node {
  const outer = new Map(kept.map((each) => [each.name as string, lowered.fresh(`${each.name}_`)]));
  const changed = kept.filter((each) =>
    scopes.of(each)!.references.some((reference) =>
      reference.isWrite() && isInside(node.body, reference.identifier)
    )
  ).map((each) => each.name as string);
  const inside = [...outer].map(([name, from]) => declareLet(name, id(from)));
  const renamed = new Set(kept.map((each) => scopes.of(each)!));
  const inHead = (part: Node | null): void => {
    if (part === null) return;
    walk(part, (each) => {
      const variable = each.type === "Identifier" ? scopes.of(each) : undefined;
      if (variable !== undefined && renamed.has(variable)) each.name = outer.get(each.name)!;
    });
  };
  inHead(node.init);
  inHead(node.test);
  inHead(node.update);
  let made = [...body];
  if (changed.length > 0) {
    const back = (): Node =>
      statement(sequence(changed.map((name) => assign(id(outer.get(name)!), id(name)))));
    made = [...made.map((each) => beforeContinue(each, back)), back()];
  }
  return {
    ...node,
    init: { ...node.init, kind: "let" },
    body: block([...inside, ...made]),
  };
}

function isInside(node: Node, part: Node): boolean {
  let found = false;
  walk(node, (each) => found ||= each === part);
  return found;
}

/** Does something before every `continue` of a loop. */
function beforeContinue(node: Node, first: () => Node): Node {
  if (isFunction(node) || isLoop(node)) return node;
  replaceChildren(node, (child) => beforeContinue(child, first));
  return node.type === "ContinueStatement" ? block([first(), node]) : node;
}
