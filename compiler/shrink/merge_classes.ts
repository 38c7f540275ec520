import {
  children,
  declareVar,
  isFunction,
  isKey,
  type Node,
  nothing,
  returns,
  statement,
  usesArguments,
} from "../ast.ts";
import type { Analysis } from "./analysis.ts";
import type { Class } from "./thing.ts";

/** Makes one class of a base class that nobody makes an instance of and the only one that extends it. */
export function mergeClasses(analysis: Analysis, isOwn: (node: Node) => boolean): void {
  const names = new Map<Node, Node>();
  for (const node of analysis.program.body as Node[]) {
    if (!isOwn(node) || node.type !== "VariableDeclaration") continue;
    for (const { id, init } of node.declarations) {
      if (init?.type === "ClassExpression") names.set(init, id);
    }
  }
  for (const base of analysis.classes.values()) {
    if (base.direct || !names.has(base.node)) continue;
    if (dissolve(analysis, base)) return;
    const [only, other] = [...analysis.classes.values()].filter((each) =>
      each.base.value.things.has(base)
    );
    if (only === undefined || other !== undefined || !names.has(only.node)) continue;
    const id = names.get(base.node)!;
    if (isAskedForBefore(only, id.name, analysis.program) || !merge(base, only)) continue;
    // What is an instance of the one is one of the other.
    const { name } = id;
    rename(analysis.program, name, names.get(only.node)!.name);
    id.name = name;
    // One step of a chain a round: the analysis knows the classes as they were.
    return;
  }
}

/** Whether a base class is asked for, outside functions, where the only class that extends it is not there yet. */
function isAskedForBefore(last: Class, name: string, program: Node): boolean {
  const isAbout = (node: Node): boolean => {
    if (node === last.node || isFunction(node)) return false;
    return (node.type === "Identifier" && node.name === name) || children(node).some(isAbout);
  };
  const tops = program.body as Node[];
  const isLast = (node: Node): boolean => node === last.node || children(node).some(isLast);
  return tops.slice(0, tops.findIndex(isLast)).some((each) =>
    each.type === "VariableDeclaration"
      ? each.declarations.some(({ init }: Node) => init && isAbout(init))
      : isAbout(each)
  );
}

/** Puts what a base class only does when it is made into the classes that extend it. */
function dissolve(analysis: Analysis, base: Class): boolean {
  const [make, more] = base.node.body.body as Node[];
  if (make === undefined || more !== undefined || !isConstructor(make)) return false;
  if (base.node.superClass !== null || analysis.mentioned.has(base)) return false;
  if (make.value.params.length > 0) return false;
  // What is written down several times must not declare anything.
  if (make.value.body.body.some(({ type }: Node) => type !== "ExpressionStatement")) return false;
  const extending = [...analysis.classes.values()].filter((each) =>
    each.base.value.things.has(base)
  );
  const places = extending.map(({ node }) => {
    const own = (node.body.body as Node[]).find(isConstructor);
    const body: Node[] = own?.value.body.body ?? [];
    const at = body.findIndex(isSuperCall);
    return at < 0 || body[at]!.expression.arguments.length > 0 ? null : { node, body, at };
  });
  if (places.length === 0 || places.includes(null)) return false;
  for (const place of places) {
    place!.body.splice(place!.at, 1, ...structuredClone(make.value.body.body));
    place!.node.superClass = null;
  }
  return true;
}

function isSuperCall({ type, expression }: Node): boolean {
  return type === "ExpressionStatement" && expression.type === "CallExpression" &&
    expression.callee.type === "Super";
}

function rename(node: Node, from: string, to: string): void {
  if (node.type === "Identifier" && node.name === from) node.name = to;
  for (const child of children(node)) {
    if (!isKey(child, node)) rename(child, from, to);
  }
}

function merge(base: Class, into: Class): boolean {
  const from: Node[] = base.node.body.body;
  const to: Node[] = into.node.body.body;
  if (base.node.id || from.some(isSpecial) || to.some(isSpecial)) return false;
  const overridden = new Set(to.filter((each) => !isConstructor(each)).map(nameOf));
  const both = from.filter((each) => !isConstructor(each) && overridden.has(nameOf(each)));
  if (both.some(({ kind }) => kind !== "method")) return false;
  const makeBase = from.find(isConstructor);
  const make = to.find(isConstructor);
  if (make !== undefined && !mergeConstructors(makeBase, make, base.node.superClass !== null)) {
    return false;
  }
  into.node.superClass = base.node.superClass;
  for (const { key } of both) {
    const { name } = key;
    key.name = `${name}$`;
    for (const member of to) callOwn(member, name);
  }
  const kept = from.filter((each) => !isConstructor(each));
  const added = make === undefined && makeBase !== undefined ? [makeBase] : [];
  into.node.body.body = [...added, ...kept, ...to];
  base.node.body.body = [];
  base.node.superClass = null;
  return true;
}

/** Makes `super.name` the method that it means, which has another name now. */
function callOwn(node: Node, name: string): void {
  if (
    node.type === "MemberExpression" && node.object.type === "Super" && node.property.name === name
  ) {
    node.object = { type: "ThisExpression" };
    node.property.name = `${name}$`;
  }
  for (const child of children(node)) callOwn(child, name);
}

/** Puts the constructor of the base class in the place of `super(...)`. */
function mergeConstructors(base: Node | undefined, make: Node, hasBase: boolean): boolean {
  const body: Node[] = make.value.body.body;
  const place = body.findIndex(isSuperCall);
  if (place < 0) return false;
  const call = body[place]!.expression;
  const params: Node[] = base?.value.params ?? [];
  if (params.some(({ type }) => type !== "Identifier")) return false;
  if (usesArguments((base ?? make).value.body)) return false;
  if (call.arguments.some(({ type }: Node) => type === "SpreadElement")) return false;
  if (base !== undefined && returns(base.value.body)) return false;
  const given = call.arguments as Node[];
  const instead = base === undefined
    ? hasBase ? [body[place]!] : given.map((each) => statement(each))
    : [
      ...params.map((param, i) => ({
        ...declareVar([{ name: param.name, init: given[i] ?? nothing() }]),
        kind: "let",
      })),
      ...given.slice(params.length).map((each) => statement(each)),
      ...base.value.body.body,
    ];
  body.splice(place, 1, ...instead);
  return true;
}

function isConstructor({ kind }: Node): boolean {
  return kind === "constructor";
}

function nameOf({ key, kind }: Node): string {
  return `${kind} ${key.name}`;
}

function isSpecial(member: Node): boolean {
  return member.type !== "MethodDefinition" || member.static || member.computed ||
    member.key.type !== "Identifier";
}
