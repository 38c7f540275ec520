import type { Node } from "../../compiler/ast.ts";
import { children } from "../../compiler/ast.ts";
import { CompileError } from "../../compiler/diagnostic.ts";
import { parseModule } from "../../compiler/syntax.ts";
import { cronOf } from "./cron.ts";

/** What a program declares in so many words, where the build can read it. */
export interface Declared {
  /** Budgets of background work, in milliseconds; `null` for one that is only known when the program runs. */
  readonly background: readonly (number | null)[];
  /** Schedules as cron expressions. */
  readonly schedules: readonly string[];
}

/** How long background work may take on a platform, in milliseconds. */
const LONGEST_BACKGROUND: { readonly [platform: string]: number } = { workers: 30_000 };

/** What a bundle says of its budgets and schedules: the options of `serve` and the first argument of `every`. */
export function declaredIn(code: string): Declared {
  const constants = new Map<string, Node>();
  const background: (number | null)[] = [];
  const schedules: string[] = [];
  const visit = (node: Node): void => {
    if (node.type === "VariableDeclarator" && node["id"].type === "Identifier" && node["init"]) {
      constants.set(node["id"].name, node["init"]);
    }
    if (node.type === "CallExpression" && node["callee"].type === "Identifier") {
      const { name } = node["callee"];
      const args: Node[] = node["arguments"];
      if (/^serve\d*$/.test(name) && args[1] !== undefined) {
        const given = optionOf(args[1], "background", constants);
        if (given !== undefined) background.push(typeof given === "number" ? given : null);
      } else if (/^every\d*$/.test(name) && args[0] !== undefined) {
        const given = valueOf(args[0], constants);
        const cron = typeof given === "string" || typeof given === "number" ? cronOf(given) : null;
        if (cron !== null) schedules.push(cron);
      }
    }
    for (const child of children(node)) visit(child);
  };
  visit(parseModule(code));
  return { background, schedules };
}

/**
 * Refuses budgets that a platform does not have.
 *
 * @throws {CompileError} With what it allows.
 */
export function requireBudget({ background }: Declared, platform: string): void {
  const longest = LONGEST_BACKGROUND[platform] ?? Infinity;
  const over = background.find((budget) => budget !== null && budget > longest);
  if (over === undefined) return;
  throw new CompileError([{
    message:
      `Cannot build for ${platform}: background work of ${over} ms does not fit, ${platform} allows ` +
      `${longest} ms; lower the option "background" of serve`,
    file: null,
    line: 1,
    column: 1,
    lineText: "",
    length: 1,
  }]);
}

/** The value of an option; `undefined` where it is not given, `null` where it cannot be read. */
function optionOf(options: Node, name: string, constants: Map<string, Node>): unknown {
  if (options.type === "Identifier") {
    const known = constants.get(options["name"]);
    return known === undefined ? null : optionOf(known, name, constants);
  }
  if (options.type !== "ObjectExpression") return null;
  const property = (options["properties"] as Node[]).find((each) =>
    each.type === "Property" && (each["key"].name ?? each["key"].value) === name
  );
  return property === undefined ? undefined : valueOf(property["value"], constants) ?? null;
}

/** A literal, or a constant that is one. */
function valueOf(node: Node, constants: Map<string, Node>): unknown {
  if (node.type === "Literal") return node["value"];
  if (node.type === "BinaryExpression" && node["operator"] === "*") {
    const left = valueOf(node["left"], constants);
    const right = valueOf(node["right"], constants);
    return typeof left === "number" && typeof right === "number" ? left * right : undefined;
  }
  const known = node.type === "Identifier" ? constants.get(node["name"]) : undefined;
  return known === undefined || known.type === "Identifier" ? undefined : valueOf(known, constants);
}
