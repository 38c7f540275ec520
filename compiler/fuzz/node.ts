/** Programs as trees: text with holes, so that whatever makes, counts or cuts them down need not know JavaScript. */

/** Where a node may stand: nodes of one sort can take each other's place. */
export type Sort =
  | "program"
  | "expression"
  | "element"
  | "link"
  | "property"
  | "statement"
  | "pattern"
  | "part"
  | "member"
  | "clause";

/** A piece of a program: text in which other pieces stand. */
export interface Node {
  readonly sort: Sort;
  /** What it is, as it is counted: `"conditional"`. */
  readonly form: string;
  readonly code: Code;
}

/** Nodes in a row, any of which may be left out as long as `least` remain. */
export interface List {
  readonly nodes: readonly Node[];
  /** What stands between them; a line break also indents them. */
  readonly separator: string;
  readonly least: number;
}

/** Text, nodes and lists, in the order in which they are printed. */
export type Code = readonly (string | Node | List)[];

/** Writes code down as it looks, with holes: `` code`(${left} + ${right})` ``. */
export function code(texts: TemplateStringsArray, ...holes: Hole[]): Code {
  const parts: Code[number][] = [];
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i]!;
    if (text !== "") parts.push(text);
    const hole = holes[i];
    if (hole === undefined || hole === "") continue;
    if (Array.isArray(hole)) parts.push(...hole as Code);
    else parts.push(typeof hole === "number" ? `${hole}` : hole as Code[number]);
  }
  return parts;
}

/** What can be put into code. */
export type Hole = Code | Code[number] | number;

/** Makes a node. */
export function node(sort: Sort, form: string, text: Code): Node {
  return { sort, form, code: text };
}

/** Nodes with commas between. */
export function commas(nodes: readonly Node[], least = 0): List {
  return { nodes, separator: ", ", least };
}

/** Nodes on lines of their own. */
export function lines(nodes: readonly Node[], least = 0): List {
  return { nodes, separator: "\n", least };
}

/** Nodes side by side. */
export function row(nodes: readonly Node[], least = 0): List {
  return { nodes, separator: "", least };
}

/** A node that may be left out. */
export function maybe(each: Node | null): List {
  return row(each === null ? [] : [each]);
}

/** Whether a part of code is a node. */
export function isNode(part: Code[number]): part is Node {
  return typeof part !== "string" && "form" in part;
}

/** Whether a part of code is a list. */
export function isList(part: Code[number]): part is List {
  return typeof part !== "string" && "nodes" in part;
}

/** The nodes that stand directly in a node. */
export function children(parent: Node): readonly Node[] {
  return parent.code.flatMap((part) => isNode(part) ? [part] : isList(part) ? part.nodes : []);
}

/** The text of a program. */
export function print(root: Node, indent = ""): string {
  return root.code.map((part) => {
    if (typeof part === "string") return part.replaceAll("\n", `\n${indent}`);
    if (isNode(part)) return print(part, indent);
    if (part.separator !== "\n") {
      return part.nodes.map((each) => print(each, indent)).join(part.separator);
    }
    if (part.nodes.length === 0) return "";
    const inner = `${indent}  `;
    const texts = part.nodes.map((each) => `\n${inner}${print(each, inner)}`);
    return `${texts.join("")}\n${indent}`;
  }).join("");
}

/** The text of a program, without empty lines. */
export function textOf(root: Node): string {
  return print(root).replaceAll(/\n\s*(?=\n)/g, "").replace(/^\n/, "");
}

/** Calls `visit` for a node and all in it, with what each stands in. */
export function walk(
  root: Node,
  visit: (each: Node, parent: Node | null) => void,
  parent: Node | null = null,
): void {
  visit(root, parent);
  for (const child of children(root)) walk(child, visit, root);
}

/** How many nodes a tree has. */
export function size(root: Node): number {
  let count = 0;
  walk(root, () => count++);
  return count;
}
