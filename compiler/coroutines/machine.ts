/**
 * The state machine that an async function becomes: code between two awaits, labels and jumps.
 *
 * @module
 */

import {
  assign,
  block,
  giveBack,
  id,
  literal,
  member,
  type Node,
  statement,
  when,
} from "../ast.ts";
import {
  assemble,
  beginsOnce,
  type Block,
  jumpTo,
  type Label,
  newBlock,
  protectBy,
  reference,
  segmentsOf,
} from "./blocks.ts";
import type { Context } from "./exits.ts";
import { tidy, turnLoops } from "./tidy.ts";

/** The state of a generator that has yielded, as the driver knows it. */
const YIELDED = -6;

/** What lives across an await. */
export class Slot {
  /** Its name on the coroutine, once it is chosen. */
  name = "";
  /** Whether a variable of the step does. */
  local = false;
}

/** Builds one machine. */
export class Machine {
  readonly contexts: Context[] = [];
  readonly slots: Slot[] = [];
  /** Awaits and yields. */
  awaits = 0;
  private readonly blocks: Block[] = [newBlock()];
  private readonly free: Slot[] = [];
  private inForce: Label | null = null;

  /** @param self The name of the coroutine in the step. @param place That of where it goes on. */
  constructor(
    readonly self: string,
    readonly place: string,
    readonly generator: boolean,
    /** What notes the place of an await, where that is wanted. */
    private readonly noted: (node: Node) => Node | null = () => null,
  ) {}

  private get current(): Block {
    return this.blocks[this.blocks.length - 1]!;
  }

  /** Whether the code that comes next cannot be reached. */
  get ended(): boolean {
    return this.current.ended;
  }

  /** A field of the coroutine. */
  field(name: string): Node {
    return member(id(this.self), name);
  }

  /** What the last await gave: good until the next one. */
  sent(): Node {
    return this.field("v");
  }

  /** Whether `node` is what the last await gave. */
  isSent({ type, object, property }: Node): boolean {
    return type === "MemberExpression" && object.type === "Identifier" &&
      object.name === this.self && property.name === "v";
  }

  /** Where goes on what is thrown here; `null` outside `try`. */
  get handler(): Label | null {
    return this.inForce;
  }

  /** The handler outside the `try` that is being compiled. */
  outerHandler(): Label | null {
    return this.inForce === null ? null : this.inForce.handler;
  }

  emit(node: Node): void {
    if (this.ended) return;
    this.current.body.push(node);
  }

  /** Emits a statement behind which nothing goes on. */
  end(node: Node): void {
    this.emit(node);
    this.current.ended = true;
  }

  /** A label in the region of the handler that is in force. */
  label(handler: Label | null = this.inForce): Label {
    return { handler, uses: 0, jumps: 0, block: null };
  }

  /** The next code is what `label` means. */
  mark(label: Label): void {
    if (!this.ended && label.handler !== this.inForce) this.emit(protectBy(label.handler));
    this.inForce = label.handler;
    if (this.current.ended || this.current.body.length > 0) this.blocks.push(newBlock());
    label.block = this.current;
    this.current.labels.push(label);
  }

  /** The statements of a jump, for use in any statement that is not a loop of its own. */
  jumpCode(label: Label, handler: Label | null = this.inForce): Node[] {
    return [...this.protectCode(label.handler, handler), jumpTo(label)];
  }

  /** The statement that puts `handler` in force where `before` is. */
  protectCode(handler: Label | null, before: Label | null): Node[] {
    return handler === before ? [] : [protectBy(handler)];
  }

  jump(label: Label): void {
    this.do(() => this.jumpCode(label));
  }

  jumpIf(test: Node, label: Label): void {
    if (!this.ended) this.emit(when(test, block(this.jumpCode(label))));
  }

  /** Suspends until `value` is there; what it gives is {@linkcode Machine.sent}. */
  await(value: Node, like?: Node): void {
    if (this.ended) return;
    this.awaits++;
    const next = this.label();
    this.emit(statement(assign(this.field("at"), reference(next))));
    const note = like === undefined ? null : this.noted(like);
    if (note !== null) this.emit(statement(assign(this.field("w"), note)));
    this.end({ ...giveBack(value), loc: like?.loc ?? null });
    this.mark(next);
  }

  /** Gives `value` to who iterates; where it goes on, {@linkcode Machine.sent} is what was passed to `next`. */
  yield(value: Node): void {
    if (this.ended) return;
    this.awaits++;
    const next = this.label();
    this.emit(statement(assign(this.field("k"), reference(next))));
    this.emit(statement(assign(this.field("at"), literal(YIELDED))));
    this.end(giveBack(value));
    this.mark(next);
  }

  /** A slot for a value that is used once more or in several places. */
  temporary(): Slot {
    const slot = this.free.pop();
    return slot ?? this.slot();
  }

  /** Nobody needs the slot's value any more. */
  release(slot: Slot): void {
    this.free.push(slot);
  }

  slot(): Slot {
    const slot = new Slot();
    this.slots.push(slot);
    return slot;
  }

  /** The slot in code. */
  use(slot: Slot): Node {
    return { type: "SlotReference", slot };
  }

  set(slot: Slot, value: Node): void {
    this.emit(statement(assign(this.use(slot), value)));
  }

  /** Runs `body` with `handler` in force. */
  protect(handler: Label, body: () => void): void {
    const outer = this.inForce;
    if (!this.ended) this.emit(protectBy(handler));
    this.inForce = handler;
    body();
    // Code that falls out of the region leaves it.
    if (!this.ended) this.emit(protectBy(outer));
    this.inForce = outer;
  }

  /** Begins the code of a handler: what was thrown is {@linkcode Machine.sent}. */
  handle(label: Label): void {
    this.mark(label);
    this.emit(protectBy(label.handler));
  }

  /** `try { body } catch { handle }`: in the handler, what was thrown is {@linkcode Machine.sent}. */
  tryCatch(body: () => void, handle: () => void): void {
    const caught = this.label();
    const after = this.label();
    this.protect(caught, body);
    this.jump(after);
    this.handle(caught);
    handle();
    this.mark(after);
  }

  /** Emits statements that jump. */
  do(code: () => Node[]): void {
    if (this.ended) return;
    for (const node of code()) this.emit(node);
    this.current.ended = true;
  }

  /** Ends the code and tidies it up: nothing can be added after that. */
  finish(): void {
    this.do(() => [giveBack(null)]);
    tidy(this.blocks);
    turnLoops(this.blocks);
  }

  /** The code of each block, to see what is used where. */
  segments(): readonly (readonly Node[])[] {
    return segmentsOf(this.blocks);
  }

  /** Takes out what the first segment begins with: constants that go into slots, which can be made with them. */
  takeInitial(
    slotOf: (target: Node) => Slot | null,
    slots: readonly Slot[],
  ): Map<Slot, Node> {
    const initial = new Map<Slot, Node>();
    const { body } = this.blocks[0]!;
    if (!this.beginsOnce()) return initial;
    for (let first = body[0]; first !== undefined; first = body[0]) {
      if (first.type !== "ExpressionStatement") break;
      const { type, operator, left, right } = first.expression;
      if (type !== "AssignmentExpression" || operator !== "=" || left.type !== "Identifier") break;
      const slot = slotOf(left);
      if (slot === null || !slots.includes(slot) || initial.has(slot)) break;
      if (right.type !== "Literal" || right.regex !== undefined) break;
      initial.set(slot, right);
      body.shift();
    }
    if (body.length === 0 && !this.blocks[0]!.ended && this.blocks.length > 1) this.blocks.shift();
    return initial;
  }

  /** Whether the first segment is never entered again. */
  beginsOnce(): boolean {
    return beginsOnce(this.blocks);
  }

  /** The step's body. */
  build(): Node[] {
    return assemble(this.blocks, this.self, this.place);
  }
}
