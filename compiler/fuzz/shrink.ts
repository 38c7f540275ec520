/** Cuts a failing program down to what is needed to make it fail. */

import { type Code, code, isList, isNode, type List, type Node, node, print } from "./node.ts";

/** Tells which of some programs fail in the way that is looked for. */
export type Fails = (programs: readonly Node[]) => Promise<readonly boolean[]>;

/** How many smaller programs are tried at once. */
const BATCH = 12;

/**
 * Makes a program smaller for as long as it still fails.
 *
 * @param seconds How long to go on.
 */
export async function shrink(root: Node, fails: Fails, seconds: number): Promise<Node> {
  const end = performance.now() + 1000 * seconds;
  let least = root;
  for (let smaller = true; smaller;) {
    smaller = false;
    // What could not be left out before is tried again when everything else has been.
    let place = 0;
    for (;;) {
      if (performance.now() > end) return least;
      const tried = take(variants(least), place, BATCH);
      if (tried.length === 0) break;
      const failed = (await fails(tried)).indexOf(true);
      if (failed === -1) place += tried.length;
      else {
        least = tried[failed]!;
        place += failed;
        smaller = true;
      }
    }
  }
  return least;
}

function take(from: Iterable<Node>, start: number, count: number): Node[] {
  const taken: Node[] = [];
  let place = 0;
  for (const each of from) {
    if (place++ >= start) taken.push(each);
    if (taken.length === count) break;
  }
  return taken;
}

/** What a program could be instead, the smallest first. */
export function* variants(root: Node): Generator<Node> {
  const seen = print(root);
  for (let share = 1; share <= 8; share *= 2) yield* cuts(root, share);
  for (const each of replacements(root)) if (print(each) !== seen) yield each;
}

/** A node, with changes to one of its parts. */
function* changed(of: Node, change: (part: Node | List) => Iterable<Code>): Generator<Node> {
  for (let i = 0; i < of.code.length; i++) {
    const part = of.code[i]!;
    if (typeof part === "string") continue;
    for (const other of change(part)) {
      yield { ...of, code: [...of.code.slice(0, i), ...other, ...of.code.slice(i + 1)] };
    }
  }
}

/** Changes to a list's nodes, one at a time. */
function* inList(list: List, change: (each: Node) => Iterable<Node>): Generator<Code> {
  for (let i = 0; i < list.nodes.length; i++) {
    for (const other of change(list.nodes[i]!)) {
      yield [{ ...list, nodes: list.nodes.with(i, other) }];
    }
  }
}

/** Leaves stretches out of lists: the whole, halves, quarters, ...; the last round, single nodes. */
function cuts(root: Node, share: number): Generator<Node> {
  return changed(root, function* (part): Generator<Code> {
    if (isList(part)) {
      const { nodes } = part;
      const length = share === 8 ? 1 : Math.floor(nodes.length / share);
      for (let i = 0; length > 0 && i + length <= nodes.length; i += length) {
        if (nodes.length - length < part.least || (share < 8 && length === 1)) continue;
        yield [{ ...part, nodes: nodes.toSpliced(i, length) }];
      }
      yield* inList(part, (each) => cuts(each, share));
    } else {
      for (const each of cuts(part, share)) yield [each];
    }
  });
}

/** Puts what a node holds, or something plain, in the node's place. */
function replacements(root: Node): Generator<Node> {
  return changed(root, function* (part): Generator<Code> {
    if (isList(part)) {
      for (let i = 0; i < part.nodes.length; i++) {
        for (const inner of insides(part.nodes[i]!)) {
          if (part.separator !== "\n" && inner.length !== 1) continue;
          yield [{ ...part, nodes: part.nodes.toSpliced(i, 1, ...inner) }];
        }
      }
      yield* inList(part, replacements);
    } else {
      for (const inner of insides(part)) if (inner.length === 1) yield inner;
      for (const each of replacements(part)) yield [each];
    }
  });
}

const PLAIN = node("expression", "literal", code`0`);

/** What could stand in place of a node: nodes of its sort that it holds, or for an expression a number. */
function* insides(of: Node): Generator<readonly Node[]> {
  if (of.sort === "expression" && print(of) !== "0") yield [PLAIN];
  const found: Node[][] = [];
  const look = (within: Node): void => {
    for (const part of within.code) {
      if (typeof part === "string") continue;
      if (isNode(part)) {
        if (part.sort === of.sort) found.push([part]);
        else look(part);
        continue;
      }
      const same = part.nodes.filter(({ sort }) => sort === of.sort);
      if (same.length > 0 && of.sort === "statement") found.push(same);
      else found.push(...same.map((each) => [each]));
      part.nodes.forEach((each) => each.sort === of.sort ? undefined : look(each));
    }
  };
  look(of);
  yield* found;
}
