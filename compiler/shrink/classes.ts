import type { Node } from "../ast.ts";
import type { Analysis } from "./analysis.ts";
import { hostName, isErrorName } from "./builtins.ts";
import { execute } from "./statements.ts";
import { bindPattern } from "./patterns.ts";
import { Class, Fn, type Member } from "./thing.ts";
import { only, UNKNOWN, type Value, VOID } from "./value.ts";

/** What a class text gives: the class, known to its name. */
export function evaluateClass(analysis: Analysis, node: Node): Value {
  let known = analysis.classes.get(node);
  if (known === undefined) {
    analysis.classes.set(node, known = new Class(node));
    readMembers(analysis, known);
    analysis.note();
  }
  const value = only(known);
  if (node.superClass !== null) {
    const host = hostName(analysis, node.superClass);
    analysis.making = node.superClass;
    const base = host !== null && isErrorName(host)
      ? only(analysis.error)
      : analysis.evaluate(node.superClass);
    analysis.making = null;
    analysis.put(known.base, base);
    for (const thing of base.things) {
      // What hangs on a function's prototype is not known here.
      if (thing instanceof Fn) {
        analysis.outside.escape(only(thing));
        analysis.put(known.base, UNKNOWN);
      }
    }
  }
  if (node.id !== null) {
    if (node.type === "ClassDeclaration") bindPattern(analysis, node.id, value);
    for (const scope of analysis.bindings.scopesOf(node)) {
      for (const variable of scope.variables) {
        if (variable.name === node.id.name) analysis.put(analysis.cellOf(variable), value);
      }
    }
  }
  runStatics(analysis, known);
  return value;
}

function readMembers(analysis: Analysis, known: Class): void {
  const { node } = known;
  for (const member of node.body.body as Node[]) {
    if (member.type === "PropertyDefinition" && !member.static && known.fields === null) {
      known.fields = new Fn(node.body, null);
      known.fields.home = known;
      known.fields.returns.value = VOID;
      analysis.functions.set(node.body, known.fields);
    }
    if (member.type !== "MethodDefinition") continue;
    const fn = analysis.functionOf(member.value);
    fn.home = known;
    fn.isStatic = member.static;
    if (member.kind === "constructor") {
      known.make = fn;
      continue;
    }
    const name = analysis.nameOf(member) ?? "@@computed";
    const members = member.static ? known.statics : known.members;
    const list: Member[] = members.get(name) ?? [];
    members.set(name, list);
    list.push({ kind: member.kind, fn });
    if (member.kind === "set") analysis.setters.add(member.value);
  }
}

function runStatics(analysis: Analysis, known: Class): void {
  for (const member of known.node.body.body as Node[]) {
    if (member.type === "StaticBlock") {
      const fn = analysis.functionOf(member);
      fn.self.value = only(known);
      const outer = analysis.current;
      analysis.current = fn;
      execute(analysis, member.body);
      analysis.current = outer;
    } else if (member.type === "PropertyDefinition" && member.static) {
      const value = member.value === null ? VOID : analysis.evaluate(member.value);
      analysis.objects.write(known, analysis.nameOf(member), value);
    }
  }
}
