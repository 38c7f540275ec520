/**
 * Jumps: labels, `switch` and `finally`, which the interpreter has in part.
 *
 * @module
 */

import {
  arrow,
  assign,
  binary,
  block,
  call,
  declareVar,
  giveBack,
  id,
  isFunction,
  literal,
  type Node,
  statement,
  when,
} from "../coroutines/ast.ts";
import { isHarmless } from "./dialect.ts";
import {
  array,
  declareLet,
  eachList,
  isJump,
  type Lowered,
  rewrite,
  sequence,
  walkOwn,
} from "./tree.ts";

/** Puts `default` last, and variables of cases in front: the interpreter's `switch` is no block. */
export function lowerSwitches(lowered: Lowered): void {
  rewrite(lowered.program, (node) => {
    if (node.type !== "SwitchStatement") return node;
    const first = takeDeclarations(node);
    const whole = defaultLast(lowered, node);
    return first.length === 0 ? whole : block([...first, whole]);
  });
}

/** Takes block variables of the cases out; they are assigned where they were declared. */
function takeDeclarations(node: Node): Node[] {
  const made: Node[] = [];
  for (const each of node.cases as Node[]) {
    each.consequent = each.consequent.flatMap((one: Node): Node[] => {
      if (one.type === "FunctionDeclaration") {
        made.push({
          ...declareLet(one.id.name, { ...one, type: "FunctionExpression", id: null }),
          loc: one.loc,
        });
        return [];
      }
      if (one.type !== "VariableDeclaration" || one.kind === "var") return [one];
      return one.declarations.map(({ id: target, init, loc }: Node) => {
        made.push(declareLet(target.name, null));
        return statement(assign({ ...target }, init ?? id("undefined"), { type: "", loc }));
      });
    });
  }
  return made;
}

function defaultLast(lowered: Lowered, node: Node): Node {
  const cases: Node[] = node.cases;
  const at = cases.findIndex(({ test }) => test === null);
  if (at < 0 || at === cases.length - 1) return node;
  const leaves = (each: Node): boolean => {
    const last = each.consequent.at(-1);
    return last !== undefined && isJump(last.type === "BlockStatement" ? last.body.at(-1) ?? last : last);
  };
  // An empty case before it shares its body: nothing is lost when only `default` is left.
  let from = at;
  while (from > 0 && cases[from - 1]!.consequent.length === 0) from--;
  const free = from === 0 || leaves(cases[from - 1]!);
  if (free && leaves(cases[at]!)) {
    const moved = { ...cases[at]! };
    const kept = [...cases.slice(0, from), ...cases.slice(at + 1)];
    const last = kept.at(-1);
    if (last !== undefined && last.consequent.length > 0 && !leaves(last)) {
      last.consequent.push({ type: "BreakStatement", label: null });
    } else if (last !== undefined && last.consequent.length === 0) {
      last.consequent.push({ type: "BreakStatement", label: null });
    }
    // The tests of cases that share the body are evaluated for nothing.
    return { ...node, cases: [...kept, moved] };
  }
  // Which case it is, and then a switch over numbers in the order of the source.
  const name = lowered.fresh("n");
  const choose: Node[] = [];
  cases.forEach((each, i) => {
    if (each.test === null) return;
    choose.push({
      type: "SwitchCase",
      test: each.test,
      consequent: [statement(assign(id(name), literal(i))), { type: "BreakStatement", label: null }],
    });
  });
  const numbered = cases.map((each, i): Node => ({ ...each, test: literal(i) }));
  return block([
    declareLet(name, literal(at)),
    { type: "SwitchStatement", discriminant: node.discriminant, cases: choose, loc: node.loc },
    { ...node, discriminant: id(name), cases: numbered },
  ]);
}

/** Replaces labels by a variable that says how far a jump goes. */
export function lowerLabels(lowered: Lowered): void {
  eachList(lowered.program, (list) => list.flatMap((each) => labelled(lowered, each)));
  // A label below another statement, as in `if (a) outer: for (;;) {}`.
  rewrite(lowered.program, (node) => {
    if (node.type !== "LabeledStatement") return node;
    return block(labelled(lowered, node));
  });
}

function labelled(lowered: Lowered, node: Node): Node[] {
  if (node.type !== "LabeledStatement") return [node];
  const names = [node.label.name as string];
  let body: Node = node.body;
  while (body.type === "LabeledStatement") {
    names.push(body.label.name);
    body = body.body;
  }
  const isLoop = /^(For|While|DoWhile)/.test(body.type);
  const flag = lowered.fresh("to");
  let used = false;
  /** Jumps to the label become jumps out of what is around them, one after the other. */
  const into = (one: Node, depth: number, inSwitch: boolean): Node => {
    if (isFunction(one) || one.type === "ClassDeclaration" || one.type === "ClassExpression") {
      return one;
    }
    const isTarget = (one.type === "BreakStatement" || one.type === "ContinueStatement") &&
      names.includes(one.label?.name);
    if (isTarget) {
      const goesOn = one.type === "ContinueStatement";
      if (depth === 0 && (goesOn || !inSwitch) && isLoop) return { ...one, label: null };
      if (depth === 1 && !inSwitch && !isLoop) return { ...one, label: null };
      used = true;
      // A `continue` of the loop itself passes a switch, a `break` does not.
      return block([
        statement(assign(id(flag), literal(goesOn ? 2 : 1))),
        { type: "BreakStatement", label: null },
      ]);
    }
    const loops = /^(For|While|DoWhile)/.test(one.type);
    const switches = one.type === "SwitchStatement";
    const before = used;
    used = false;
    descend(one, depth + (loops ? 1 : 0), switches || (inSwitch && !loops));
    const inside = used;
    used ||= before;
    if (!inside || !(loops || switches)) return one;
    return block([one, onwards(depth, inSwitch)]);
  };
  const onwards = (depth: number, inSwitch: boolean): Node => {
    const out: Node = { type: "BreakStatement", label: null };
    if (depth > 0 || !isLoop) return when(id(flag), out);
    if (inSwitch) {
      return {
        ...when(binary("==", id(flag), literal(2)), { type: "ContinueStatement", label: null }),
        alternate: when(id(flag), out),
      };
    }
    return {
      ...when(binary("==", id(flag), literal(1)), out),
      alternate: when(id(flag), { type: "ContinueStatement", label: null }),
    };
  };
  const descend = (one: Node, depth: number, inSwitch: boolean): void => {
    for (const key in one) {
      if (key === "loc" || key === "range") continue;
      const value = one[key];
      if (Array.isArray(value)) {
        value.forEach((it, i) => {
          if (typeof it?.type === "string") value[i] = into(it, depth, inSwitch);
        });
      } else if (typeof value?.type === "string") one[key] = into(value, depth, inSwitch);
    }
  };
  if (isLoop) {
    descend(body, 0, false);
    if (!used) return [body];
    // Every turn begins without a jump under way.
    const inner = body.body.type === "BlockStatement" ? body.body.body : [body.body];
    body.body = block([statement(assign(id(flag), literal(0))), ...inner]);
    return [declareLet(flag, literal(0)), body];
  }
  // A block is a loop of one turn.
  const once = { type: "DoWhileStatement", body, test: literal(false) };
  const free = hasFreeJumps(body);
  if (free) return outOfBlock(lowered, body, names);
  descend(once, 1, false);
  if (body.type !== "BlockStatement") once.body = block([once.body]);
  return used ? [declareLet(flag, literal(0)), once] : [once];
}

/** Whether a statement has jumps of its own out of loops around it. */
function hasFreeJumps(node: Node, inLoop = false, inSwitch = false): boolean {
  if (isFunction(node)) return false;
  if (node.type === "BreakStatement" && node.label === null) return !inLoop && !inSwitch;
  if (node.type === "ContinueStatement" && node.label === null) return !inLoop;
  const loops = inLoop || /^(For|While|DoWhile)/.test(node.type);
  const switches = inSwitch || node.type === "SwitchStatement";
  return Object.entries(node).some(([key, value]) => {
    if (key === "loc" || key === "range") return false;
    const each = (one: Node | null) => typeof one?.type === "string" && hasFreeJumps(one, loops, switches);
    return Array.isArray(value) ? value.some(each) : each(value);
  });
}

/** A labelled block that also jumps out of a loop around it: a function that says where to go. */
function outOfBlock(lowered: Lowered, body: Node, names: readonly string[]): Node[] {
  return asFunction(lowered, body.type === "BlockStatement" ? body : block([body]), (one) =>
    names.includes(one.label?.name) ? null : undefined);
}

/**
 * Runs statements in a function of their own and does outside what they jump to.
 *
 * @param own What a jump with a label means: `null` where it ends the statements, `undefined` where it goes on.
 */
function asFunction(
  lowered: Lowered,
  body: Node,
  own: (jump: Node) => null | undefined,
): Node[] {
  const out: Node[] = [];
  const result = lowered.fresh("r");
  leave(body, (jump) => {
    if (jump.type === "ReturnStatement") {
      return giveBack(array(jump.argument === null ? [] : [jump.argument]));
    }
    if (own(jump) === null) return giveBack(null);
    out.push({ ...jump });
    return giveBack(literal(out.length));
  });
  return [
    ...takeVariables(body),
    declareLet(result, call(arrow([], body), [])),
    ...outcomes(result, out, hasReturn(body)),
  ];
}

function hasReturn(body: Node): boolean {
  let found = false;
  walkOwn({ type: "Holder", body }, (node) => {
    found ||= node.type === "ReturnStatement" && node.argument?.type === "ArrayExpression";
  });
  return found;
}

/** What to do when such a function has said where to go. */
function outcomes(result: string, jumps: readonly Node[], returns: boolean): Node[] {
  const made = jumps.map((jump, i) => when(binary("===", id(result), literal(i + 1)), jump));
  if (returns) {
    const value: Node = {
      type: "MemberExpression",
      object: id(result),
      property: literal(0),
      computed: true,
      optional: false,
    };
    made.push(when(id(result), giveBack(value)));
  }
  return made;
}

/** Takes `var`s out of statements that become a function's. */
function takeVariables(body: Node): Node[] {
  const names: string[] = [];
  const into = (one: Node, parent: Node, key: string): Node => {
    if (isFunction(one)) return one;
    for (const field in one) {
      if (field === "loc" || field === "range") continue;
      const value = one[field];
      if (Array.isArray(value)) {
        value.forEach((it, i) => {
          if (typeof it?.type === "string") value[i] = into(it, one, field);
        });
      } else if (typeof value?.type === "string") one[field] = into(value, one, field);
    }
    if (one.type !== "VariableDeclaration" || one.kind !== "var") return one;
    names.push(...one.declarations.map((each: Node) => each.id.name));
    if (key === "left") return one.declarations[0].id;
    const assigned = one.declarations.filter((each: Node) => each.init !== null)
      .map((each: Node) => assign(each.id, each.init, each));
    if (assigned.length === 0) return parent.type === "ForStatement" ? literal(0) : { type: "EmptyStatement" };
    return key === "init" ? sequence(assigned) : statement(sequence(assigned));
  };
  into(body, body, "");
  return names.length === 0 ? [] : [declareVar([...new Set(names)].map((name) => ({ name, init: null })))];
}

/** Replaces the jumps that leave `body`. */
function leave(body: Node, replace: (jump: Node) => Node): void {
  const into = (one: Node, loops: boolean, switches: boolean, labels: readonly string[]): Node => {
    if (isFunction(one) || /^Class/.test(one.type)) return one;
    if (one.type === "ReturnStatement") return replace(one);
    if (one.type === "BreakStatement" || one.type === "ContinueStatement") {
      const stays = one.label !== null
        ? labels.includes(one.label.name)
        : loops || (switches && one.type === "BreakStatement");
      return stays ? one : replace(one);
    }
    const inner = one.type === "LabeledStatement" ? [...labels, one.label.name as string] : labels;
    const isLoop = /^(For|While|DoWhile)/.test(one.type);
    for (const key in one) {
      if (key === "loc" || key === "range") continue;
      const value = one[key];
      const next = (it: Node): Node =>
        into(it, loops || isLoop, switches || isLoop || one.type === "SwitchStatement", inner);
      if (Array.isArray(value)) {
        value.forEach((it, i) => {
          if (typeof it?.type === "string") value[i] = next(it);
        });
      } else if (typeof value?.type === "string") one[key] = next(value);
    }
    return one;
  };
  into(body, false, false, []);
}

/**
 * Writes `finally` out where its statements may throw or jump. The interpreter forgets an error that is thrown there,
 * and a `return`, and lets another `try` there take away the error that is on its way.
 */
export function lowerFinally(lowered: Lowered): void {
  eachList(lowered.program, (list) =>
    list.flatMap((each) => {
      if (each.type !== "TryStatement" || each.finalizer === null) return [each];
      if (each.finalizer.body.every(isHarmless)) return [each];
      const failed = lowered.fresh("failed");
      const error = lowered.fresh("e");
      const result = lowered.fresh("r");
      const inner: Node = each.handler === null
        ? each.block
        : block([{ ...each, finalizer: null }]);
      const jumps: Node[] = [];
      leave(inner, (jump) => {
        if (jump.type === "ReturnStatement") {
          return giveBack(array(jump.argument === null ? [] : [jump.argument]));
        }
        jumps.push({ ...jump });
        return giveBack(literal(jumps.length));
      });
      const leaves = jumps.length > 0 || hasReturn(inner);
      const handler = (kept: string): Node => ({
        type: "CatchClause",
        param: id(error),
        body: block([
          statement(assign(id(failed), literal(true))),
          statement(assign(id(kept), id(error))),
        ]),
      });
      const run = statement(assign(id(result), call(arrow([], inner), [])));
      const attempted: Node = {
        type: "TryStatement",
        block: leaves ? block([run]) : inner,
        handler: handler(result),
        finalizer: null,
        loc: each.loc,
      };
      return [
        ...(leaves ? takeVariables(inner) : []),
        declareLet(failed, literal(false)),
        declareLet(result, null),
        attempted,
        ...each.finalizer.body,
        when(id(failed), { type: "ThrowStatement", argument: id(result) }),
        ...outcomes(result, jumps, hasReturn(inner)),
      ];
    }));
}
