/** Statements other than loops. */

import { type Code, code, commas, lines, type Node, node } from "./node.ts";
import type { Forms, Generator } from "./generator.ts";
import { functionDeclaration, makeFunction, nameForAcorn, statements } from "./functions.ts";
import { anyObject, args, awaitable, call, iterable } from "./operands.ts";
import { arrayPattern, binding, newBinding, objectPattern } from "./patterns.ts";
import { classDeclaration } from "./classes.ts";
import { objectLiteral } from "./objects.ts";
import type { Jumps, Name } from "./scope.ts";

/** A block of statements in braces. */
export function block(g: Generator, jumps: Jumps = g.scope.jumps): Code {
  return g.inside({ jumps }, () => code`{${lines(statements(g, 1, 3))}}`);
}

function declaration(g: Generator, keyword: "let" | "const" | "var"): Code {
  const parts = g.several(1, g.once(4) ? 3 : 1, () => {
    const choice = g.random.below(10);
    if (choice === 0) {
      const value = iterable(g);
      return node("part", "array declarator", code`${arrayPattern(g, keyword)} = ${value}`);
    }
    if (choice === 1) {
      const value = anyObject(g);
      return node("part", "object declarator", code`${objectPattern(g, keyword)} = ${value}`);
    }
    if (choice === 2 && keyword !== "const") {
      return node("part", "empty declarator", binding(g, keyword).code);
    }
    const value = g.expression();
    return node("part", "declarator", code`${newBinding(g, keyword)} = ${value}`);
  });
  return code`${keyword} ${commas(parts, 1)};`;
}

function tryStatement(g: Generator, handler: boolean, finalizer: boolean): Code {
  const { jumps } = g.scope;
  const inner = finalizer ? { ...jumps, guarded: true } : jumps;
  const clauses: Node[] = [];
  const body = block(g, inner);
  if (handler) clauses.push(node("clause", "catch", catchClause(g, inner)));
  if (finalizer) clauses.push(node("clause", "finally", code` finally ${block(g)}`));
  return code`try ${body}${{ nodes: clauses, separator: "", least: 1 }}`;
}

function catchClause(g: Generator, jumps: Jumps): Code {
  if (g.once(6)) return code` catch ${block(g, jumps)}`;
  return g.inside({ jumps }, () => {
    const to = g.once(5) ? objectPattern(g, "let") : binding(g, "let");
    const values = g.scope.names.filter(({ kind }) => kind === "value");
    const told = values.length === 0 ? "null" : values[0]!.text;
    const log = node("statement", "log", code`log("caught", ${told});`);
    return code` catch (${to}) {${lines([log, ...statements(g, 0, 2)])}}`;
  });
}

function switchStatement(g: Generator): Code {
  const value = g.once(3)
    ? g.expression()
    : node("expression", "small", code`v(${g.random.below(4)})`);
  const { jumps } = g.scope;
  return g.inside({ jumps: { ...jumps, break: true }, plain: true }, () => {
    const count = 1 + g.random.below(4);
    const other = g.once(2) ? g.random.below(count) : -1;
    const cases = Array.from({ length: count }, (_, i) => {
      const choice = g.random.below(4);
      const test = i === other
        ? code`default:`
        : choice < 2
        ? code`case ${i}:`
        : choice < 3 && g.fn.async
        ? code`case ${node("expression", "await", code`await v(${i})`)}:`
        : code`case ${g.expression()}:`;
      // What one case declares is not there for the others: they might be entered without it.
      const body = g.inside({ plain: true }, () => {
        const nodes = statements(g, 0, 2);
        if (g.once(2)) nodes.push(node("statement", "break", code`break;`));
        return nodes;
      });
      return node("clause", i === other ? "default case" : "case", code`${test}${lines(body)}`);
    });
    return code`switch (${value}) {${lines(cases)}}`;
  });
}

/** Statements that do not end the program when they throw. */
export function guarded(g: Generator, most: number, first?: () => Node): Node {
  const body = g.inside({}, () => {
    const nodes = first === undefined ? [] : [first()];
    return lines([...nodes, ...statements(g, 1 - nodes.length, most)]);
  });
  return node("statement", "guard", code`try {${body}} catch (e) { log("caught", e); }`);
}

/** A statement that calls what a name stands for. */
export function use(g: Generator, name: Name): Node {
  const { text, kind, methods, instance } = name;
  if (kind === "async generator") {
    const made = node("expression", "async generator call", code`${text}(${args(g)})`);
    return node("statement", "use", code`for await (const x of ${made}) ${block(g)}`);
  }
  return node("statement", "use", code`log("${g.number()}", ${used()});`);

  function used(): Node {
    const own = kind === "class" ? g.pick([...instance!, ...methods!, undefined]) : methods?.[0];
    const callee = own === undefined
      ? text
      : code`${methods!.includes(own) ? text : `new ${text}()`}${own.access}`;
    const call = own === undefined && kind === "class"
      ? code`new ${text}(${args(g)})`
      : own?.getter || kind === "object" && own === undefined
      ? code`${callee}`
      : code`${callee}(${args(g)})`;
    const made = node("expression", "used call", call);
    const isAsync = own === undefined ? kind === "async" : own.kind === "async";
    return isAsync ? node("expression", "await", code`(await ${made})`) : made;
  }
}

function labelled(g: Generator): Code {
  const label = `l${g.number()}`;
  const { jumps } = g.scope;
  const labels = [...jumps.labels, { text: label, loop: false }];
  return code`${label}: ${block(g, { ...jumps, labels })}`;
}

/** A jump that does not happen every time. */
function seldom(g: Generator, jump: Code): Code {
  if (g.once(4)) return jump;
  return code`if (${g.expression()}) ${node("statement", "jump", jump)}`;
}

/** A constant that holds a function or an object. */
function constant(g: Generator): Code {
  const choice = g.random.below(4);
  if (choice === 0) {
    const { code: literal, methods } = objectLiteral(g);
    const text = g.newName("o");
    g.declare(text, "object", { methods });
    return code`const ${text} = ${literal};`;
  }
  const arrow = choice < 3;
  const { parameters, body } = makeFunction(g, { async: true, arrow });
  const text = g.newName("f");
  g.declare(text, "async");
  if (arrow) return code`const ${text} = async (${parameters}) => ${body};`;
  const name = nameForAcorn(g, parameters);
  return code`const ${text} = async function ${name}(${parameters}) ${body};`;
}

const canReturn = (g: Generator): boolean => g.fn.canReturn;
const loopLabels = (g: Generator) => g.scope.jumps.labels.filter(({ loop }) => loop);

/** Statements that do not repeat. */
export const plainStatements: Forms = {
  "expression statement": [10, (g) => code`${statementExpression(g)};`],
  "log": [14, (g) => code`log("${g.number()}", ${g.expression()});`],
  "let": [8, (g) => declaration(g, "let")],
  "const": [5, (g) => declaration(g, "const")],
  "var": [3, (g) => declaration(g, "var")],
  "if": [4, (g) => code`if (${g.expression()}) ${block(g)}`],
  "if else": [4, (g) => code`if (${g.expression()}) ${block(g)} else ${block(g)}`],
  "block": [1, (g) => block(g)],
  "empty": [0.5, () => code`;`],
  "switch": [4, switchStatement],
  "labelled block": [2, labelled],
  "try catch": [5, (g) => tryStatement(g, true, false)],
  "try finally": [4, (g) => tryStatement(g, false, true)],
  "try catch finally": [5, (g) => tryStatement(g, true, true)],
  "throw": [2, (g) => seldom(g, code`throw ${thrown(g)};`)],
  "return": [2, (g) => seldom(g, code`return ${g.expression()};`), canReturn],
  "return nothing": [1, (g) => seldom(g, code`return;`), canReturn],
  "return await": [
    2,
    (g) => seldom(g, code`return await ${awaitable(g)};`),
    (g) => canReturn(g) && g.fn.async,
  ],
  "return promise": [
    2,
    (g) => seldom(g, code`return ${awaitable(g)};`),
    (g) => canReturn(g) && g.fn.async && (g.mode !== "linear" || !g.scope.jumps.guarded),
  ],
  "break": [3, (g) => seldom(g, code`break;`), (g) => g.scope.jumps.break],
  "continue": [4, (g) => seldom(g, code`continue;`), (g) => g.scope.jumps.continue],
  "labelled break": [
    16,
    (g) => seldom(g, code`break ${g.pick(g.scope.jumps.labels).text};`),
    (g) => g.scope.jumps.labels.length > 0,
  ],
  "labelled continue": [
    20,
    (g) => seldom(g, code`continue ${g.pick(loopLabels(g)).text};`),
    (g) => loopLabels(g).length > 0,
  ],
  "declared function": [3, (g) => functionDeclaration(g), (g) => g.room > 20],
  "declared class": [3, (g) => classDeclaration(g), (g) => g.room > 40],
  "constant": [3, constant, (g) => g.room > 20],
  "start call": [
    9,
    (g) => {
      const text = node("expression", "async call", call(g).code);
      const name = g.newName("t");
      g.declare(name, "pending");
      return code`const ${name} = ${text};`;
    },
    // Beside a task that awaits what is settled already, when such a call goes on depends on the engine's ticks.
    (g) => g.mode === "global" && g.has("async"),
  ],
  "await started call": [
    40,
    (g) => code`log("${g.number()}", ${node("expression", "await", awaitOf(g))});`,
    (g) => g.fn.async && g.has("pending"),
  ],
};

function awaitOf(g: Generator): Code {
  return code`(await ${g.find("pending")!.text})`;
}

function thrown(g: Generator): Node {
  if (g.once(3)) return g.expression();
  return node("expression", "error", code`oops(${g.expression()})`);
}

function statementExpression(g: Generator): Node {
  const made = g.expression();
  // These would be read as a declaration or a block.
  return made.code[0] === "box(" ? node("expression", "void", code`void ${made}`) : made;
}
