import type { Node } from "../ast.ts";
import type { Analysis, Exit } from "./analysis.ts";
import { evaluateClass } from "./classes.ts";
import { iterated } from "./builtins.ts";
import { evaluateForEffect } from "./expressions.ts";
import { bindPattern } from "./patterns.ts";
import type { Thing } from "./thing.ts";
import { join, only, same, STRINGS, UNKNOWN, VOID } from "./value.ts";

/** Runs a list of statements; whether its end is reached. */
export function execute(analysis: Analysis, list: readonly Node[]): boolean {
  for (const each of list) {
    const declared = each.type.startsWith("Export") ? each.declaration : each;
    if (declared?.type !== "FunctionDeclaration") continue;
    const fn = only(analysis.functionOf(declared));
    if (declared.id !== null) bindPattern(analysis, declared.id, fn);
    if (declared !== each) analysis.outside.escape(fn);
  }
  const before = analysis.narrowing.depth;
  let completes = true;
  for (const each of list) {
    if (!executeOne(analysis, each)) {
      completes = false;
      break;
    }
  }
  analysis.narrowing.leave(before);
  return completes;
}

/** Runs one statement; whether what follows is reached. */
function executeOne(analysis: Analysis, node: Node): boolean {
  analysis.reached.add(node);
  switch (node.type) {
    case "FunctionDeclaration":
    case "EmptyStatement":
    case "DebuggerStatement":
    case "ImportDeclaration":
      if (node.type === "ImportDeclaration") {
        for (const { local } of node.specifiers) bindPattern(analysis, local, UNKNOWN);
      }
      return true;
    case "ExpressionStatement":
      return !evaluateForEffect(analysis, node.expression).isNever;
    case "VariableDeclaration":
      return declare(analysis, node);
    case "ClassDeclaration":
      evaluateClass(analysis, node);
      return true;
    case "ReturnStatement": {
      const value = node.argument === null ? VOID : analysis.evaluate(node.argument);
      analysis.put(analysis.current.returns, value);
      if (analysis.current.leaks) analysis.outside.escape(value);
      return false;
    }
    case "ThrowStatement":
      analysis.put(analysis.thrown, analysis.evaluate(node.argument));
      return false;
    case "BlockStatement":
    case "StaticBlock":
      return execute(analysis, node.body);
    case "IfStatement": {
      const test = analysis.evaluate(node.test);
      const { narrowing } = analysis;
      const yes = test.mayBeTrue &&
        narrowing.within(node.test, true, () => executeOne(analysis, node.consequent));
      const no = test.mayBeFalse && (node.alternate === null ||
        narrowing.within(node.test, false, () => executeOne(analysis, node.alternate)));
      // What follows knows which way was gone, until the end of the block.
      if (yes !== no) narrowing.enter(node.test, yes);
      return yes || no;
    }
    case "ForStatement":
    case "WhileStatement":
    case "DoWhileStatement":
      return loop(analysis, node, null);
    case "ForOfStatement":
    case "ForInStatement":
      return each(analysis, node, null);
    case "SwitchStatement":
      return choose(analysis, node);
    case "LabeledStatement":
      return labelled(analysis, node);
    case "BreakStatement": {
      const name: string | null = node.label?.name ?? null;
      for (let i = analysis.exits.length - 1; i >= 0; i--) {
        const exit = analysis.exits[i]!;
        if (name === null ? exit.plain : exit.label === name) {
          exit.taken = true;
          break;
        }
      }
      return false;
    }
    case "ContinueStatement":
      return false;
    case "TryStatement":
      return attempt(analysis, node);
    case "ExportNamedDeclaration":
      if (node.declaration !== null) {
        const completes = executeOne(analysis, node.declaration);
        for (const name of namesOf(node.declaration)) {
          analysis.outside.escape(analysis.evaluate(name));
        }
        return completes;
      }
      if (node.source === null) {
        for (const { local } of node.specifiers) analysis.outside.escape(analysis.evaluate(local));
      }
      return true;
    case "ExportDefaultDeclaration":
      if (node.declaration.type === "FunctionDeclaration") return true;
      if (node.declaration.type === "ClassDeclaration") {
        analysis.outside.escape(evaluateClass(analysis, node.declaration));
      } else analysis.outside.escape(analysis.evaluate(node.declaration));
      return true;
    case "ExportAllDeclaration":
      return true;
  }
  analysis.blind = true;

  return true;
}

function namesOf(declaration: Node): Node[] {
  if (declaration.type !== "VariableDeclaration") return declaration.id ? [declaration.id] : [];
  return declaration.declarations.flatMap(({ id }: Node) => id.type === "Identifier" ? [id] : []);
}

function declare(analysis: Analysis, { declarations, kind }: Node): boolean {
  for (const { id, init } of declarations as Node[]) {
    if (init === null) {
      bindPattern(analysis, id, VOID);
      continue;
    }
    const value = analysis.evaluate(init);
    if (value.isNever) return false;
    bindPattern(analysis, id, value);
    if (kind === "var" && analysis.current.node !== analysis.program) maybeEarly(analysis, id);
  }
  return true;
}

/** What is declared with `var` can be read before. */
function maybeEarly(analysis: Analysis, id: Node): void {
  if (id.type === "Identifier") bindPattern(analysis, id, VOID);
}

function within(
  analysis: Analysis,
  label: string | null,
  plain: boolean,
  run: () => void,
): boolean {
  const exit: Exit = { label, plain, taken: false };
  analysis.exits.push(exit);
  run();
  analysis.exits.pop();
  return exit.taken;
}

function loop(analysis: Analysis, node: Node, label: string | null): boolean {
  if (node.type === "ForStatement" && node.init !== null) {
    if (node.init.type === "VariableDeclaration") executeOne(analysis, node.init);
    else analysis.evaluate(node.init);
  }
  let ends = false;
  const test = (): boolean => {
    if (node.test === null || node.test === undefined) return true;
    const value = analysis.evaluate(node.test);
    if (value.mayBeFalse) ends = true;
    return value.mayBeTrue;
  };
  const left = within(analysis, label, true, () => {
    if (node.type === "DoWhileStatement") {
      executeOne(analysis, node.body);
      test();
    } else if (test()) {
      executeOne(analysis, node.body);
      if (node.update) evaluateForEffect(analysis, node.update);
    }
  });
  return ends || left;
}

function each(analysis: Analysis, node: Node, label: string | null): boolean {
  const source = analysis.evaluate(node.right);
  const value = node.type === "ForInStatement"
    ? STRINGS
    : node.await
    ? UNKNOWN
    : iterated(analysis, source);
  if (node.type === "ForInStatement") {
    for (const thing of source.things) {
      readAll(analysis, thing);
    }
  }
  if (node.await) analysis.outside.escape(source);
  const target = node.left.type === "VariableDeclaration"
    ? node.left.declarations[0].id
    : node.left;
  if (!value.isNever) {
    bindPattern(analysis, target, value);
    within(analysis, label, true, () => executeOne(analysis, node.body));
  }
  return true;
}

function readAll(analysis: Analysis, thing: Thing): void {
  thing.named = true;
  for (const cell of thing.slots.values()) analysis.readAny(cell);
}

function choose(analysis: Analysis, { discriminant, cases }: Node): boolean {
  const value = analysis.evaluate(discriminant);
  if (value.isNever) return false;
  let falls = false;
  let certain = false;
  const matches = (cases as Node[]).map(({ test }) => {
    if (test === null) return null;
    const equal = same(value, analysis.evaluate(test));
    if (!equal.mayBeFalse && equal.mayBeTrue) certain = true;
    return equal.mayBeTrue;
  });
  const left = within(analysis, null, true, () => {
    (cases as Node[]).forEach((each, i) => {
      const entered = matches[i] === null ? !certain : matches[i]!;
      if (entered || falls) {
        analysis.reached.add(each);
        falls = execute(analysis, each.consequent);
      }
    });
  });
  const hasDefault = matches.includes(null);
  return falls || left || (!hasDefault && !certain);
}

function labelled(analysis: Analysis, { label, body }: Node): boolean {
  const name: string = label.name;
  analysis.reached.add(body);
  switch (body.type) {
    case "ForStatement":
    case "WhileStatement":
    case "DoWhileStatement":
      return loop(analysis, body, name);
    case "ForOfStatement":
    case "ForInStatement":
      return each(analysis, body, name);
  }
  let completes = false;
  const left = within(analysis, name, false, () => {
    completes = executeOne(analysis, body);
  });
  return completes || left;
}

function attempt(analysis: Analysis, { block, handler, finalizer }: Node): boolean {
  let completes = executeOne(analysis, block);
  if (handler !== null && analysis.effects.mayThrow(block)) {
    analysis.reached.add(handler);
    if (handler.param !== null) {
      bindPattern(
        analysis,
        handler.param,
        join(analysis.see(analysis.thrown), only(analysis.error)),
      );
    }
    if (executeOne(analysis, handler.body)) completes = true;
  }
  if (finalizer !== null && !executeOne(analysis, finalizer)) return false;
  return completes;
}
