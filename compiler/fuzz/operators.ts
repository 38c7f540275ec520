/** Operators, assignments and literals. */

import { code, commas, type Node, node, row } from "./node.ts";
import type { Forms, Generator } from "./generator.ts";
import { anyObject, element, iterable, key, property } from "./operands.ts";
import { arrayPattern, objectPattern } from "./patterns.ts";
import { objectLiteral } from "./objects.ts";

const ARITHMETIC = ["+", "+", "-", "*", "%", "/", "**", "|", "&", "<<", ">>>", "^"];
const COMPARISONS = ["<", ">", "<=", "===", "!==", "==", "!="];
const COMPOUND = ["+=", "+=", "-=", "*=", "|=", "**="];
const LOGICAL = ["&&=", "||=", "??="];

/** Whether there is a name that may be assigned to. */
export function hasVariable(g: Generator): boolean {
  return g.scope.visible((name) => name.variable).length > 0;
}

/** A visible name that may be assigned to. */
export function variable(g: Generator): string {
  return g.pick(g.scope.visible((name) => name.variable)).text;
}

/** A property of an object, as a target of an assignment. */
function member(g: Generator): Node {
  if (g.fn.base !== null && g.once(8)) {
    return node("expression", "super property", code`super.${property(g)}`);
  }
  if (g.once(2)) return node("expression", "member", code`${anyObject(g)}.${property(g)}`);
  return node("expression", "computed member", code`${anyObject(g)}[${key(g)}]`);
}

/** What an assignment may assign to, other than a pattern. */
export function target(g: Generator): Node {
  if (hasVariable(g) && g.once(2)) return node("expression", "name", code`${variable(g)}`);
  return member(g);
}

/** Expressions made of operators. */
export const operators: Forms = {
  "unary": [3, (g) => code`(${g.pick(["-", "+", "!", "~"])} ${g.expression()})`],
  "typeof": [2, (g) => code`(typeof ${g.expression()})`],
  "void": [1, (g) => code`(void ${g.expression()})`],
  "delete": [2, (g) => code`(delete ${member(g)})`, (g) => g.fn.base === null],
  "arithmetic": [8, (g) => code`(${g.expression()} ${g.pick(ARITHMETIC)} ${g.expression()})`],
  "comparison": [4, (g) => code`(${g.expression()} ${g.pick(COMPARISONS)} ${g.expression()})`],
  "in": [2, (g) => code`(${key(g)} in ${anyObject(g)})`],
  "instanceof": [2, (g) => code`(${g.expression()} instanceof kind(${g.expression()}))`],
  "private in": [
    4,
    // Deno's own parser does not know `yield #m in x`: something has to stand in front.
    (g) => code`(!(${g.pick(g.fn.privates)} in ${anyObject(g)}))`,
    (g) => g.fn.privates.length > 0,
  ],
  "and": [3, (g) => code`(${g.expression()} && ${g.expression()})`],
  "or": [3, (g) => code`(${g.expression()} || ${g.expression()})`],
  "coalesce": [3, (g) => code`(${g.expression()} ?? ${g.expression()})`],
  "conditional": [
    4,
    (g) => code`(${g.expression()} ? ${g.expression()} : ${g.expression()})`,
  ],
  "sequence": [2, (g) => code`(${commas(g.several(2, 3, () => g.expression()), 1)})`],
  "assignment": [4, (g) => code`(${variable(g)} = ${g.expression()})`, hasVariable],
  "compound assignment": [
    5,
    (g) => code`(${variable(g)} ${g.pick(COMPOUND)} ${g.expression()})`,
    hasVariable,
  ],
  "logical assignment": [
    3,
    (g) => code`(${variable(g)} ${g.pick(LOGICAL)} ${g.expression()})`,
    hasVariable,
  ],
  "update": [
    2,
    (g) => g.once(2) ? code`(${variable(g)}++)` : code`(--${variable(g)})`,
    hasVariable,
  ],
  "member": [2, (g) => code`${anyObject(g)}.${property(g)}`],
  "computed member": [3, (g) => code`${anyObject(g)}[${key(g)}]`],
  "member assignment": [4, (g) => code`(${member(g)} = ${g.expression()})`],
  "member compound assignment": [
    4,
    (g) => code`(${member(g)} ${g.pick(COMPOUND)} ${g.expression()})`,
  ],
  "member logical assignment": [
    3,
    (g) => code`(${member(g)} ${g.pick(LOGICAL)} ${g.expression()})`,
  ],
  "member update": [2, (g) => g.once(2) ? code`(${member(g)}++)` : code`(--${member(g)})`],
  "array destructuring assignment": [
    2,
    (g) => code`(${arrayPattern(g, null)} = ${iterable(g)})`,
  ],
  "object destructuring assignment": [
    2,
    (g) => code`(${objectPattern(g, null)} = ${anyObject(g)})`,
  ],
  "template": [
    3,
    (g) => {
      const pieces = g.several(
        1,
        3,
        () => node("part", "substitution", code`${g.pick(["", "-", "\\n"])}\${${g.expression()}}`),
      );
      return code`\`${row(pieces, 1)}\``;
    },
  ],
  "tagged template": [
    3,
    (g) => {
      const tag = g.once(2) ? "tag" : code`${anyObject(g)}.m`;
      const pieces = g.several(
        0,
        3,
        () => node("part", "substitution", code`${g.pick(["", "-", "\\n"])}\${${g.expression()}}`),
      );
      return code`${tag}\`${g.literal()}${row(pieces)}\``;
    },
  ],
  "array": [
    3,
    (g) => {
      const elements = g.several(0, 4, () => g.once(10) ? hole() : element(g));
      return code`[${commas(elements)}]`;
    },
  ],
  "object": [3, (g) => code`(${objectLiteral(g).code})`],
  "regular expression": [1, (g) => code`/a${g.literal()}/.test(${g.expression()})`],
};

function hole(): Node {
  return node("element", "hole", code``);
}
