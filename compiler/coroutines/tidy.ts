/**
 * Takes out of the blocks of a machine what one that was made piece by piece has too much of.
 *
 * @module
 */

import type { Node } from "../ast.ts";
import { type Block, isEntered } from "./blocks.ts";

/** Takes out blocks, jumps and handlers that change nothing. */
export function tidy(blocks: Block[]): void {
  for (let changed = true; changed;) {
    changed = false;
    for (let i = 0; i < blocks.length; i++) {
      const each = blocks[i]!;
      const fallenInto = i === 0 || !blocks[i - 1]!.ended;
      if (!fallenInto && !isEntered(each)) {
        forgetAll(each.body);
        blocks.splice(i--, 1);
        changed = true;
      } else if (
        dropJumpToNext(each, blocks[i + 1]) || threadJump(each) || mergeTarget(each, blocks) ||
        inlineEnds(each) || dropProtects(each, blocks[i + 1])
      ) changed = true;
    }
  }
}

/**
 * Puts the end of each loop before its head, so that every round runs into the next: who comes to the loop jumps
 * there, once.
 */
export function turnLoops(blocks: Block[]): void {
  const turned = new Set<Block>();
  for (let end = blocks.length - 1; end > 1; end--) {
    const last = blocks[end]!;
    const jump = last.body.at(-1);
    const head = jump?.type === "Jump" ? blocks.indexOf(jump.label.block) : -1;
    // Where nothing is between, the loop has no await of its own.
    let begin = end;
    while (begin > 0 && !blocks[begin - 1]!.ended) begin--;
    if (head < 1 || head >= begin || blocks[head - 1]!.ended || turned.has(blocks[head]!)) continue;
    turned.add(blocks[head]!);
    last.body.pop();
    last.ended = false;
    const before = blocks[head - 1]!;
    before.body.push(jump!);
    before.ended = true;
    blocks.splice(head, 0, ...blocks.splice(begin, end - begin + 1));
    end = blocks.length;
  }
}

function forgetAll(body: readonly Node[]): void {
  const walk = (node: Node): void => {
    if (node.type === "Jump" || node.type === "Protect") forget(node);
    else if (node.type === "LabelReference") node.label.uses--;
    else if (node.type === "IfStatement") walk(node.consequent);
    else if (node.type === "BlockStatement") node.body.forEach(walk);
    else if (node.type === "ExpressionStatement" && node.expression.right !== undefined) {
      walk(node.expression.right);
    }
  };
  body.forEach(walk);
}

/** A block that ends with a jump to the one behind it runs into that. */
function dropJumpToNext(each: Block, next: Block | undefined): boolean {
  const last = each.body.at(-1);
  if (last?.type !== "Jump" || last.label.block !== next || next === undefined) return false;
  forget(each.body.pop()!);
  each.ended = false;
  return true;
}

/** Who jumps to a jump goes where that goes. */
function threadJump(each: Block): boolean {
  const [only] = each.body;
  if (each.body.length !== 1 || only!.type !== "Jump" || !isEntered(each)) return false;
  const target: Block = only!.label.block;
  if (target === each) return false;
  for (const label of each.labels.splice(0)) {
    label.block = target;
    target.labels.push(label);
  }
  return true;
}

/** What is only jumped to from the end of one block is part of that. */
function mergeTarget(each: Block, blocks: Block[]): boolean {
  const last = each.body.at(-1);
  if (last?.type !== "Jump") return false;
  const target: Block = last.label.block;
  const place = blocks.indexOf(target);
  if (target === each || !target.ended || place < 1 || !blocks[place - 1]!.ended) return false;
  const { uses, jumps } = total(target);
  if (uses !== 1 || jumps !== 1) return false;
  forget(each.body.pop()!);
  each.body.push(...target.body);
  blocks.splice(place, 1);
  return true;
}

function total({ labels }: Block): { uses: number; jumps: number } {
  let uses = 0;
  let jumps = 0;
  for (const label of labels) {
    uses += label.uses;
    jumps += label.jumps;
  }
  return { uses, jumps };
}

/** A jump to code that only returns or throws does that itself, where that is shorter. */
function inlineEnds(each: Block): boolean {
  let changed = false;
  const walk = (list: Node[]): void => {
    list.forEach((node, i) => {
      if (node.type === "IfStatement" && node.consequent.type === "BlockStatement") {
        walk(node.consequent.body);
      }
      if (node.type !== "Jump") return;
      const target: Block = node.label.block;
      const [only] = target.body;
      if (target === each || target.body.length !== 1) return;
      if (only!.type !== "ReturnStatement" && only!.type !== "ThrowStatement") return;
      if (total(target).uses > 1 && !isShort(only!.argument)) return;
      forget(node);
      list[i] = { ...only! };
      changed = true;
    });
  };
  walk(each.body);
  return changed;
}

function isShort(argument: Node | null): boolean {
  return argument === null || /^(Literal|Identifier|SlotReference)$/.test(argument.type);
}

/** Whether evaluating it cannot fail: a name may be of what is not declared yet. */
function cannotThrow(argument: Node | null): boolean {
  return argument === null || /^(Literal|SlotReference)$/.test(argument.type);
}

/** A handler that is replaced, or not needed any more, before anything can be thrown. */
function dropProtects(each: Block, next: Block | undefined): boolean {
  let changed = false;
  const walk = (list: Node[], last: boolean): void => {
    for (let i = 0; i < list.length; i++) {
      const node = list[i]!;
      if (node.type === "IfStatement" && node.consequent.type === "BlockStatement") {
        walk(node.consequent.body, false);
      }
      if (node.type !== "Protect") continue;
      let place = i + 1;
      while (place < list.length && isHarmless(list[place]!)) place++;
      const after = list[place] ?? (last && !each.ended ? next?.body[0] : undefined);
      const then = after?.type === "Jump" ? after.label.block.body[0] : after;
      const needless = then?.type === "Protect" ||
        (then?.type === "ReturnStatement" && cannotThrow(then.argument));
      if (!needless || then === node) continue;
      forget(list.splice(i--, 1)[0]!);
      changed = true;
    }
  };
  walk(each.body, true);
  return changed;
}

/** Whether a statement cannot throw: it keeps something in a slot. */
function isHarmless({ type, expression }: Node): boolean {
  if (type === "EmptyStatement") return true;
  if (type !== "ExpressionStatement" || expression.type !== "AssignmentExpression") return false;
  const { left, right } = expression;
  if (left.type !== "SlotReference") return false;
  const isBox = right.type === "ArrayExpression" && right.elements.length === 1;
  const value: Node = isBox ? right.elements[0] ?? right : right;
  return /^(Literal|LabelReference|SlotReference)$/.test(value.type) || isSentValue(value);
}

/** Whether `value` is `s.v`. */
function isSentValue({ type, object, property }: Node): boolean {
  return type === "MemberExpression" && object.type === "Identifier" && property.name === "v";
}

function forget({ label, type }: Node): void {
  if (label === null) return;
  label.uses--;
  if (type === "Jump") label.jumps--;
}
