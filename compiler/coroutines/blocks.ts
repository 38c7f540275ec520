/**
 * The blocks of a machine: code without a suspension, and how it is put into one `switch`.
 *
 * @module
 */

import { assign, id, literal, member, type Node, statement } from "../ast.ts";

/** Where code can go on. */
export interface Label {
  /** The label of the handler that is in force there; `null` outside `try`. */
  readonly handler: Label | null;
  /** How often it is referred to. */
  uses: number;
  /** How many of these are jumps. */
  jumps: number;
  /** Where it is, once it is known. */
  block: Block | null;
}

/** Code that runs without coming back from a suspension. */
export interface Block {
  readonly labels: Label[];
  readonly body: Node[];
  /** Whether the code behind its last statement cannot be reached. */
  ended: boolean;
  state: number;
}

/** An empty block. */
export function newBlock(): Block {
  return { labels: [], body: [], ended: false, state: -1 };
}

/** Goes on at `label`: one of the statements that only machines have. */
export function jumpTo(label: Label): Node {
  label.uses++;
  label.jumps++;
  return { type: "Jump", label };
}

/** Puts the handler at `label`, or none, in force. */
export function protectBy(label: Label | null): Node {
  if (label !== null) label.uses++;
  return { type: "Protect", label };
}

/** A label as a value. */
export function reference(label: Label): Node {
  label.uses++;
  return { type: "LabelReference", label };
}

/** Whether the code of a label can be reached otherwise than from the block before it. */
export function isEntered({ labels }: Block): boolean {
  return labels.some(({ uses }) => uses > 0);
}

/** Whether the first block is where the machine begins and nothing else. */
export function beginsOnce(blocks: readonly Block[]): boolean {
  return !isEntered(blocks[0]!);
}

/** The code of each block that is entered, with what it runs into, to see what is used where. */
export function segmentsOf(blocks: readonly Block[]): readonly (readonly Node[])[] {
  const segments: Node[][] = [];
  for (const each of blocks) {
    if (segments.length === 0 || isEntered(each)) segments.push([...each.body]);
    else segments[segments.length - 1]!.push(...each.body);
  }
  return segments;
}

/**
 * One `switch` over the blocks that are jumped to, in a loop where one of them jumps.
 *
 * @param self The coroutine's name in the step.
 * @param place The name of the step's parameter that says where to go on.
 */
export function assemble(blocks: readonly Block[], self: string, place: string): Node[] {
  const cases: Node[] = [];
  for (const each of blocks) {
    if (cases.length === 0 || isEntered(each)) {
      const state = literal(cases.length);
      cases.push({ type: "SwitchCase", test: state, consequent: [...each.body] });
    } else cases[cases.length - 1]!.consequent.push(...each.body);
    each.state = cases.length - 1;
  }
  let jumps = false;
  const spell = (list: Node[], breaks: boolean): Node[] =>
    list.flatMap((node): Node[] => {
      if (node.type === "EmptyStatement") return [];
      if (node.type === "Protect") return [statement(assign(member(id(self), "h"), target(node)))];
      if (node.type !== "Jump" && node.type !== "Dispatch") return [spellInside(node, breaks)];
      jumps = true;
      const to = node.type === "Jump" ? target(node) : node.value;
      const away: Node = { type: breaks ? "BreakStatement" : "ContinueStatement", label: null };
      return [statement(assign(id(place), to)), away];
    });
  const spellInside = (node: Node, breaks: boolean): Node => {
    switch (node.type) {
      case "BlockStatement":
        return { ...node, body: spell(node.body, breaks) };
      case "IfStatement":
        return {
          ...node,
          consequent: spellInside(node.consequent, breaks),
          alternate: node.alternate === null ? null : spellInside(node.alternate, breaks),
        };
      case "LabeledStatement":
        return { ...node, body: spellInside(node.body, breaks) };
      case "TryStatement":
        return {
          ...node,
          block: spellInside(node.block, breaks),
          handler: node.handler === null
            ? null
            : { ...node.handler, body: spellInside(node.handler.body, breaks) },
          finalizer: node.finalizer === null ? null : spellInside(node.finalizer, breaks),
        };
      case "SwitchStatement":
        return {
          ...node,
          cases: node.cases.map((each: Node) => ({
            ...each,
            consequent: spell(each.consequent, false),
          })),
        };
      default:
        return node;
    }
  };
  for (const each of cases) each.consequent = spell(each.consequent, true);
  if (cases.length === 1 && !jumps) return withoutReturn(cases[0]!.consequent);
  const choice: Node = { type: "SwitchStatement", discriminant: id(place), cases };
  // Out of the last case it goes round by itself.
  const last = cases[cases.length - 1]!.consequent as Node[];
  if (jumps && last.at(-1)?.type === "BreakStatement") last.pop();
  if (jumps) return [{ type: "ForStatement", init: null, test: null, update: null, body: choice }];
  const final = cases[cases.length - 1]!;
  final.consequent = withoutReturn(final.consequent);
  return [choice];
}

function target({ label }: Node): Node {
  return label === null ? literal(0) : { type: "LabelReference", label };
}

/** A `return` at the very end says nothing. */
function withoutReturn(body: Node[]): Node[] {
  const last = body.at(-1);
  return last?.type === "ReturnStatement" && last.argument === null ? body.slice(0, -1) : body;
}
