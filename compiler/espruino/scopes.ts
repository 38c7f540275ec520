/**
 * What the names of a program mean at some step of the lowering.
 *
 * @module
 */

import { analyze } from "eslint-scope";
import { children, type Node } from "../ast.ts";
import type { NameScope, Variable } from "../coroutines/bindings.ts";

export type { NameScope, Variable };

/** What the names of a program mean. */
export class Scopes {
  readonly all: readonly NameScope[];
  readonly root: NameScope;
  private readonly variables = new Map<Node, Variable>();

  constructor(program: Node) {
    fillRanges(program);
    const manager = analyze(program as never, {
      ecmaVersion: 2022,
      sourceType: "module",
      ignoreEval: true,
    });
    this.all = manager.scopes as unknown as NameScope[];
    this.root = this.all[0]!;
    for (const scope of this.all) {
      for (const variable of scope.variables) {
        if (scope.type !== "class") {
          for (const each of variable.identifiers) this.variables.set(each, variable);
        }
        for (const { identifier } of variable.references) this.variables.set(identifier, variable);
      }
    }
  }

  /** The variable that an identifier means; none where it is a global. */
  of(identifier: Node): Variable | undefined {
    return this.variables.get(identifier);
  }

  /** Whether a name means the interpreter's own thing. */
  isGlobal(node: Node | null | undefined, ...names: string[]): boolean {
    return node?.type === "Identifier" && names.includes(node.name) &&
      this.of(node) === undefined;
  }
}

/** The analysis compares places in the text, which new nodes have none of. */
function fillRanges(node: Node): void {
  node.range ??= [node.start ?? 0, node.end ?? 0];
  children(node).forEach(fillRanges);
}
