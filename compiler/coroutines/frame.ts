/**
 * Where the variables of an async function live: with the coroutine where they have to outlive an await, in the step
 * where they need not, in a place of their own where functions keep them from turn to turn of a loop.
 *
 * @module
 */

import type { Bindings, NameScope, Variable } from "./bindings.ts";
import { children, type Node } from "../ast.ts";
import { earlyReads } from "./early.ts";
import { type Machine, Slot } from "./machine.ts";

/** Where a variable lives. */
export type Place =
  | { readonly kind: "slot"; readonly slot: Slot }
  | { readonly kind: "cell"; readonly cell: Slot; readonly field: string }
  | { readonly kind: "local"; readonly name: string }
  /** It is what the last await gave, as long as it is used. */
  | { readonly kind: "sent" };

/** The variables of one async function that cannot stay variables. */
export class Frame {
  readonly places: Map<Variable, Place> = new Map();
  private readonly cells = new Map<Node, Slot>();
  private readonly early = new Map<Node, Variable[]>();

  constructor(
    private readonly machine: Machine,
    private readonly bindings: Bindings,
    private readonly fn: Node,
    private readonly apart: ReadonlySet<Node>,
    /** Whether the parameters can be seen from the step. */
    private readonly closed: boolean,
  ) {
    const scope = functionScope(bindings, fn);
    this.collect(scope, false);
  }

  /** The slot in which the variable lives that an identifier means. */
  slotOf(identifier: Node): Slot | null {
    const variable = this.bindings.of(identifier);
    const place = variable === undefined ? undefined : this.places.get(variable);
    return place?.kind === "slot" ? place.slot : null;
  }

  private inFirst: (variable: Variable) => boolean = () => false;

  /**
   * Where all of `slots` are parameters that only the first segment uses, and at most `room`: makes them parameters of
   * the step and gives them in order.
   */
  takeFirst(slots: readonly Slot[], room: number): readonly Variable[] | null {
    const taken: Variable[] = [];
    for (const variable of functionScope(this.bindings, this.fn).variables) {
      const place = this.places.get(variable);
      if (place?.kind !== "slot" || !slots.includes(place.slot)) continue;
      const isParameter = variable.defs.some(({ type }) => type === "Parameter");
      if (!isParameter || !this.inFirst(variable)) return null;
      taken.push(variable);
    }
    if (taken.length !== slots.length || taken.length > room) return null;
    for (const variable of taken) {
      const name = this.bindings.freshName(variable.name);
      this.places.set(variable, { kind: "local", name });
    }
    return taken;
  }

  /** The name of a variable that lives in the step. */
  nameOf(variable: Variable): string {
    const place = this.places.get(variable);
    return place?.kind === "local" ? place.name : variable.name;
  }

  /** The variables of a block, or of the function, that may be read before they are declared. */
  earlyIn(block: Node): readonly Variable[] {
    return this.early.get(block) ?? [];
  }

  /** The cell of a block. */
  cellOf(node: Node): Slot | null {
    return this.cells.get(node) ?? null;
  }

  private collect(scope: NameScope, inLoop: boolean): void {
    const own = scope.block === this.fn;
    const loop = inLoop || /^(For|ForIn|ForOf)Statement$/.test(scope.block.type);
    if (own || this.apart.has(scope.block)) {
      for (const variable of scope.variables) this.place(variable, scope, loop && !own);
    }
    for (const child of scope.childScopes) {
      if (/^(function|class)/.test(child.type)) continue;
      this.collect(child, loop || this.isInLoop(child.block));
    }
  }

  private place(variable: Variable, scope: NameScope, inLoop: boolean): void {
    if (variable.defs.length === 0) return; // `arguments`
    const isParameter = variable.defs.some(({ type }) => type === "Parameter");
    if (isParameter && this.closed) return;
    const reads = earlyReads(variable);
    if (reads.length > 0) {
      for (const read of reads) this.bindings.earlyReads.add(read);
      this.early.set(scope.block, [...this.earlyIn(scope.block), variable]);
    }
    if (inLoop && this.isCaptured(variable)) {
      let cell = this.cells.get(scope.block);
      if (cell === undefined) this.cells.set(scope.block, cell = this.machine.slot());
      this.places.set(variable, { kind: "cell", cell, field: variable.name });
    } else this.places.set(variable, { kind: "slot", slot: new Slot() });
  }

  /** Whether a variable is the function's own and no function inside uses it. */
  isPrivate(variable: Variable): boolean {
    const isParameter = variable.defs.some(({ type }) => type === "Parameter");
    const own = variable.scope.variableScope.block === this.fn;
    // `arguments` and functions in defaults can reach parameters.
    return own && !isParameter && !this.isCaptured(variable) && variable.defs.length > 0;
  }

  /** Whether a function inside uses it. */
  isCaptured(variable: Variable): boolean {
    const home = variable.scope.variableScope;
    return variable.references.some(({ from }) => from.variableScope !== home);
  }

  private readonly loops = new Map<Node, boolean>();

  private isInLoop(block: Node): boolean {
    if (this.loops.size === 0) {
      const walk = (node: Node, inside: boolean): void => {
        this.loops.set(node, inside);
        const loop = inside || /^(While|DoWhile|For|ForIn|ForOf)Statement$/.test(node.type);
        for (const child of children(node)) walk(child, loop);
      };
      walk(this.fn.body, false);
    }
    return this.loops.get(block) ?? false;
  }

  /**
   * Whether a variable is what an await gave and nothing else, in a few places before the next await. Takes the statement
   * out that says so.
   */
  private isSent(variable: Variable, segment: readonly Node[]): boolean {
    const uses = variable.references.filter((reference) => reference.isRead()).length;
    if (uses > FEW || this.bindings.earlyReads.size > 0) return false;
    if (variable.references.some((each) => each.isWrite() && each.init !== true)) return false;
    const isIt = (node: Node): boolean =>
      node.type === "Identifier" && this.bindings.of(node) === variable;
    const declared = segment.filter(({ type, expression }) =>
      type === "ExpressionStatement" && expression.type === "AssignmentExpression" &&
      isIt(expression.left)
    );
    const [only] = declared;
    if (declared.length !== 1 || !this.machine.isSent(only!.expression.right)) return false;
    only!.type = "EmptyStatement";
    delete only!["expression"];
    return true;
  }

  /** Moves to the step what is used in one segment only, and gives the slots that are left. */
  settle(
    segments: readonly (readonly Node[])[],
    nameFor: (name: string, variable: Variable | null) => string,
  ): {
    readonly slots: Slot[];
    readonly locals: readonly string[];
  } {
    const seen = new Map<Variable | Slot, number>();
    segments.forEach((segment, i) => {
      const note = (what: Variable | Slot): void => {
        const before = seen.get(what);
        seen.set(what, before === undefined || before === i ? i : -1);
      };
      const walk = (node: Node): void => {
        if (node.type === "SlotReference") note(node.slot);
        else if (node.type === "Identifier") {
          const variable = this.bindings.of(node);
          const place = variable === undefined ? undefined : this.places.get(variable);
          if (place?.kind === "slot") note(variable!);
          else if (place?.kind === "cell") note(place.cell);
        }
        for (const child of children(node)) walk(child);
      };
      for (const node of segment) walk(node);
    });
    this.inFirst = (variable) => seen.get(variable) === 0 || !seen.has(variable);
    const locals: string[] = [];
    const slots: Slot[] = [];
    for (const [variable, place] of this.places) {
      if (place.kind !== "slot") continue;
      const where = seen.get(variable);
      const { defs } = variable;
      const isParameter = defs.some(({ type }) => type === "Parameter");
      if (where === undefined && !isParameter) continue;
      const movable = where !== undefined && where >= 0 && !isParameter &&
        !this.isCaptured(variable) &&
        defs.every(({ type, kind }) => type !== "Variable" || kind !== "var");
      if (movable && this.isSent(variable, segments[where!]!)) {
        this.places.set(variable, { kind: "sent" });
      } else if (movable) {
        const name = nameFor(variable.name, variable);
        locals.push(name);
        this.places.set(variable, { kind: "local", name });
      } else slots.push(place.slot);
    }
    for (const slot of this.machine.slots) {
      const where = seen.get(slot);
      if (where === undefined) continue;
      if (where >= 0 && ![...this.cells.values()].includes(slot)) {
        slot.local = true;
        slot.name = nameFor("t", null);
        locals.push(slot.name);
      } else slots.push(slot);
    }
    return { slots, locals };
  }
}

/** How often a variable may be used for that to be shorter than a variable of its own. */
const FEW = 3;

/** The scope of a function's parameters and body. */
export function functionScope(bindings: Bindings, fn: Node): NameScope {
  return bindings.scopesOf(fn).find(({ type }) => type === "function")!;
}
