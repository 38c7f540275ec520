/**
 * What of JavaScript the interpreter does not read, or reads as something else: one rule for each, every one of them
 * tried on the interpreter itself.
 *
 * @module
 */

import { isFunction, isKey, type Node } from "../ast.ts";
import { classFaults, functionFaults, propertyFaults } from "./dialect_functions.ts";
import { statementFaults } from "./dialect_statements.ts";
import { callIn } from "./settle.ts";
import type { Level } from "./tree.ts";
import { beginsRegExp, WORDS } from "./words.ts";

/** What is wrong with a piece of an artefact. */
export interface Fault {
  /** What it is called, with an article or in the plural. */
  readonly what: string;
  /** What the interpreter does with it. */
  readonly does: string;
  readonly node: Node;
  /** Whether it ends the run where it stands, as a syntax error does. */
  readonly fatal: boolean;
}

/** Where a node is: in what, and in which text. */
export interface Around {
  /** What is around it, the outermost first. */
  readonly above: readonly Node[];
  readonly code: string;
  readonly level: Level;
}

/** What the interpreter does with most of what it does not know. */
export const PARSE = "does not parse";

/** What is wrong with a node itself, apart from what is inside it. */
export function faultsOf(node: Node, around: Around): Fault[] {
  const faults: Fault[] = [];
  const fault = (what: string, does = PARSE, at = node): void => {
    faults.push({ what, does, node: at, fatal: does === PARSE });
  };
  if (isFunction(node)) functionFaults(node, around, fault);
  switch (node.type) {
    case "ObjectPattern":
    case "ArrayPattern":
      fault("destructuring");
      break;
    case "SpreadElement":
      fault("a spread");
      break;
    case "TaggedTemplateExpression":
      fault("a tagged template");
      break;
    case "TemplateLiteral":
      templateFaults(node, around, fault);
      break;
    case "ChainExpression":
      fault("optional chaining");
      break;
    case "LabeledStatement":
      fault("a label");
      break;
    case "YieldExpression":
    case "AwaitExpression":
      fault(node.type === "AwaitExpression" ? "await" : "yield");
      break;
    case "MetaProperty":
      fault(`${node.meta.name}.${node.property.name}`);
      break;
    case "ImportExpression":
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportDefaultDeclaration":
    case "ExportAllDeclaration":
      fault("a module's import or export");
      break;
    case "Super":
      fault("super", "takes the wrong class where classes extend each other more than once");
      break;
    case "ClassDeclaration":
    case "ClassExpression":
      classFaults(node, around, fault);
      break;
    case "Property":
      propertyFaults(node, around, fault);
      break;
    case "MemberExpression":
      if (
        node.computed && node.property.type === "SequenceExpression" &&
        !isBracketed(node.property, around)
      ) {
        fault("a comma in an index");
      }
      break;
    case "NewExpression":
      if (
        node.callee.type === "NewExpression" && around.code[node.callee.start!] === "n" &&
        around.code[node.callee.start! - 1] !== "("
      ) fault("new new");
      break;
    case "UnaryExpression":
      if (
        node.operator === "delete" && callIn(node.argument) !== null &&
        !isBracketed(callIn(node.argument)!, around)
      ) {
        fault("delete of a call's property", "deletes nothing");
      }
      break;
    case "AssignmentExpression":
      if (/^(?:\*\*|&&|\|\||\?\?)=$/.test(node.operator)) fault(`the operator ${node.operator}`);
      divisionFaults(node, around, fault);
      break;
    case "BinaryExpression":
      if (node.operator === "**") fault("the operator **");
      divisionFaults(node, around, fault);
      break;
    case "Literal":
      literalFaults(node, around, fault);
      break;
    case "Identifier":
      nameFaults(node, around, fault);
      break;
    default:
      statementFaults(node, around, fault);
  }
  if (around.level === "small") smallFaults(node, around, fault);
  return faults;
}

/** Notes a fault; what the interpreter does with it is that it does not parse, unless given. */
export type Note = (what: string, does?: string, at?: Node) => void;

function textOf(node: Node, { code }: Around): string {
  return code.slice(node.start, node.end);
}

function templateFaults(node: Node, around: Around, fault: Note): void {
  const texts: string[] = node.expressions.map((each: Node) => textOf(each, around));
  if (texts.some((text) => /["'`{}]/.test(text))) {
    fault("a template with texts or brackets in its expressions", "ends them at the first }");
  } else if (texts.some((text) => /\bthis\b/.test(text))) {
    fault("this in a template", "forgets it in an arrow function");
  }
}

/** Whether a bracket opens right before a node. */
export function isBracketed({ start = 0 }: Node, { code }: Around): boolean {
  return /\(\s*$/.test(code.slice(0, start));
}

function divisionFaults(node: Node, { code }: Around, fault: Note): void {
  if (!/^\/=?$/.test(node.operator)) return;
  const at = node.left.end + code.slice(node.left.end, node.right.start).indexOf("/");
  if (beginsRegExp(code.slice(node.left.start, at))) {
    fault("a division behind ++, --, } or a word", "reads a regular expression");
  }
}

/** What the interpreter's regular expressions lack. */
const REGEXP: readonly (readonly [RegExp, string])[] = [
  [/\(\?/, "a group that begins with (?"],
  [/\)[*+?{]/, "a repeated group"],
  [/[^\\]\{\d+(?:,\d*)?\}/, "a counted repetition"],
  [/\[[^\]]*[^\\]\/[^\]]*\]/, "a / in a class"],
];

function literalFaults(node: Node, { code }: Around, fault: Note): void {
  if (node.bigint !== undefined) return fault("a BigInt");
  if (node.regex !== undefined) {
    for (const [test, what] of REGEXP) {
      if (test.test(node.regex.pattern)) {
        fault(`${what} in a regular expression`, "matches something else");
      }
    }
    if (/[^gimy]/.test(node.regex.flags)) {
      fault(`the flags "${node.regex.flags}" of a regular expression`);
    }
  }
  if (typeof node.value === "string") {
    const raw = code.slice(node.start, node.end);
    if (/\\u\{/.test(raw)) fault("\\u{...} in a string", "throws");
    if (/\\\r?\n/.test(raw)) fault("a string over several lines");
  }
}

const LONGEST_NAME = 63;

function nameFaults(node: Node, { above }: Around, fault: Note): void {
  const parent = above.at(-1);
  const key = parent !== undefined && isKey(node, parent);
  if (!key && WORDS.has(node.name) && node.name !== "undefined") {
    fault(`a variable called ${node.name}`);
  }
  if (node.name.length > LONGEST_NAME) {
    fault(`a name of more than ${LONGEST_NAME} characters`, "cuts it off");
  }
  if (/[^\w$]/.test(node.name)) fault(`the name ${node.name}`);
}

/** What firmware lacks that was cut small. */
function smallFaults(node: Node, { above }: Around, fault: Note): void {
  switch (node.type) {
    case "ArrowFunctionExpression":
      return fault("an arrow function");
    case "ClassDeclaration":
    case "ClassExpression":
      return fault("a class");
    case "TemplateLiteral":
      return fault("a template");
    case "Literal":
      return node.regex === undefined ? undefined : fault("a regular expression");
    case "Property":
      if (above.at(-1)?.type === "ObjectPattern") return;
      if (node.kind !== "init") return fault("an accessor");
      if (node.shorthand) return fault("a shorthand property");
      if (node.method) return fault("a method in an object");
      return;
    case "VariableDeclaration":
      if (node.kind !== "var") fault(`${node.kind}`, "declares it for the whole function");
  }
}
