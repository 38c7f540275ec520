/**
 * Which identifier means which variable.
 *
 * @module
 */

import { analyze } from "eslint-scope";
import type { Node } from "../ast.ts";

/** A scope, as eslint-scope describes it. */
export interface NameScope {
  readonly type: string;
  readonly block: Node;
  readonly upper: NameScope | null;
  readonly variables: readonly Variable[];
  readonly childScopes: readonly NameScope[];
  readonly variableScope: NameScope;
  readonly references: readonly Reference[];
  readonly through: readonly Reference[];
}

/** A variable. */
export interface Variable {
  readonly name: string;
  readonly scope: NameScope;
  readonly identifiers: readonly Node[];
  readonly references: readonly Reference[];
  readonly defs: readonly { readonly type: string; readonly node: Node; readonly kind?: string }[];
}

/** One use of a name. */
export interface Reference {
  readonly identifier: Node;
  readonly from: NameScope;
  readonly resolved: Variable | null;
  readonly init?: boolean;
  isWrite(): boolean;
  isRead(): boolean;
}

/** What the names of a module mean. */
export class Bindings {
  private readonly variables = new Map<Node, Variable>();
  private readonly scopes: Map<Node, NameScope[]> = new Map();
  private readonly fixed = new Map<Variable, boolean>();
  /** Where a constant is assigned to, which throws. */
  readonly constantWrites: Set<Node> = new Set();
  /** Where a variable is read that may not have been declared yet, which throws. */
  readonly earlyReads: Set<Node> = new Set();
  /** Every name that occurs, so that new ones can be chosen. */
  readonly names: Set<string> = new Set();
  readonly root: NameScope;
  /** The last number that a name was made fresh with. */
  private readonly numbers = new Map<string, number>();

  constructor(program: Node) {
    const manager = analyze(program as never, {
      ecmaVersion: 2022,
      sourceType: "module",
      ignoreEval: true,
    });
    const all = manager.scopes as unknown as NameScope[];
    this.root = all[0]!;
    for (const scope of all) {
      const list = this.scopes.get(scope.block) ?? [];
      list.push(scope);
      this.scopes.set(scope.block, list);
      for (const variable of scope.variables) {
        this.names.add(variable.name);
        // A class's name means another variable inside the class than around it.
        if (scope.type !== "class") {
          for (const identifier of variable.identifiers) this.variables.set(identifier, variable);
        }
        const isConst = variable.defs[0]?.kind === "const";
        for (const reference of variable.references) {
          const { identifier } = reference;
          this.variables.set(identifier, variable);
          if (isConst && reference.isWrite() && !variable.identifiers.includes(identifier)) {
            this.constantWrites.add(identifier);
          }
        }
      }
      for (const { identifier } of scope.through) this.names.add(identifier.name);
    }
  }

  /** The variable that an identifier means; none where it is a global or no use of a variable. */
  of(identifier: Node): Variable | undefined {
    return this.variables.get(identifier);
  }

  /** Makes a copy of an identifier that means the same. */
  copy(identifier: Node): Node {
    const copy: Node = { ...identifier };
    const variable = this.variables.get(identifier);
    if (variable !== undefined) this.variables.set(copy, variable);
    for (const set of [this.constantWrites, this.earlyReads]) {
      if (set.has(identifier)) set.add(copy);
    }
    return copy;
  }

  /** A use of the same variable that only reads it. */
  read(identifier: Node): Node {
    const read = this.copy(identifier);
    this.constantWrites.delete(read);
    return read;
  }

  /** Notes that `identifier` means `variable`. */
  bind(identifier: Node, variable: Variable): void {
    this.variables.set(identifier, variable);
  }

  /** The scopes that a node opens, the outermost first. */
  scopesOf(node: Node): readonly NameScope[] {
    return this.scopes.get(node) ?? [];
  }

  /** Whether a variable has the same value whenever it can be read; what is imported can change. */
  isFixed(variable: Variable): boolean {
    let known = this.fixed.get(variable);
    if (known === undefined) {
      known = variable.defs.length === 1 && variable.references.every((reference) =>
        !reference.isWrite() || reference.init === true
      ) && ["Parameter", "FunctionName", "ClassName", "Variable", "CatchClause"].includes(
        variable.defs[0]!.type,
      ) && !isVar(variable);
      this.fixed.set(variable, known);
    }
    return known;
  }

  /** A name that occurs nowhere, beginning with `name`. */
  freshName(name: string): string {
    let fresh = name;
    let last = this.numbers.get(name) ?? 0;
    while (this.names.has(fresh)) fresh = `${name}${++last}`;
    this.numbers.set(name, last);
    this.names.add(fresh);
    return fresh;
  }
}

/** Whether a variable was declared with `var`: it can be read before it has its value. */
function isVar({ defs }: Variable): boolean {
  return defs.some(({ type, node, kind }) =>
    type === "Variable" && ((kind ?? "") === "var" || node.kind === "var")
  );
}
