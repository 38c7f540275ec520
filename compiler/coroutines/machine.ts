/**
 * The state machine that an async function becomes: code between two awaits, labels, jumps, and what a jump has to
 * do on its way out of `try`.
 *
 * @module
 */

import {
  assign,
  block,
  element,
  giveBack,
  id,
  literal,
  member,
  type Node,
  nothing,
  raise,
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
  tidy,
  turnLoops,
} from "./blocks.ts";

/** The state of a generator that has yielded, as the driver knows it. */
const YIELDED = -6;

export type { Label };

/** What lives across an await. */
export class Slot {
  /** Its name on the coroutine, once it is chosen. */
  name = "";
  /** Whether a variable of the step does. */
  local = false;
}

/** A statement around the code that is being compiled, as jumps see it. */
export type Context =
  | {
    readonly kind: "target";
    readonly names: readonly string[];
    readonly onBreak: Label | null;
    readonly onContinue: Label | null;
    /** Whether a `break` without a label means it. */
    readonly plain: boolean;
  }
  | {
    readonly kind: "closing";
    /** What happens on the way out. */
    readonly code: () => Node[];
    readonly handler: Label | null;
  }
  | {
    readonly kind: "finally";
    readonly entry: Label;
    /** Where to go on after the `finally`, and what is returned or thrown there. */
    readonly next: Slot;
    readonly value: Slot;
    readonly handler: Label | null;
    /** Where to go on when it was reached in the ordinary way. */
    readonly after: Label;
    readonly landings: Landing[];
  };

/** What a jump across a `finally` does behind it. */
interface Landing {
  readonly key: Label | "return" | "throw";
  readonly label: Label;
  /** The assignments that say so. */
  readonly sets: Node[];
  /** The statements that keep what is returned or thrown. */
  readonly keeps: Node[];
}

/** Builds one machine. */
export class Machine {
  readonly contexts: Context[] = [];
  readonly slots: Slot[] = [];
  /** Awaits and yields. */
  awaits = 0;
  private readonly blocks: Block[] = [newBlock()];
  private readonly free: Slot[] = [];
  private handler: Label | null = null;

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

  /** The handler outside the `try` that is being compiled. */
  outerHandler(): Label | null {
    return this.handler === null ? null : this.handler.handler;
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
  label(handler: Label | null = this.handler): Label {
    return { handler, uses: 0, jumps: 0, block: null };
  }

  /** The next code is what `label` means. */
  mark(label: Label): void {
    if (!this.ended && label.handler !== this.handler) this.emit(protectBy(label.handler));
    this.handler = label.handler;
    if (this.current.ended || this.current.body.length > 0) this.blocks.push(newBlock());
    label.block = this.current;
    this.current.labels.push(label);
  }

  /** The statements of a jump, for use in any statement that is not a loop of its own. */
  jumpCode(label: Label, handler: Label | null = this.handler): Node[] {
    return [...this.protectCode(label.handler, handler), jumpTo(label)];
  }

  /** The statement that puts `handler` in force where `before` is. */
  private protectCode(handler: Label | null, before: Label | null): Node[] {
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
    const outer = this.handler;
    if (!this.ended) this.emit(protectBy(handler));
    this.handler = handler;
    body();
    // Code that falls out of the region leaves it.
    if (!this.ended) this.emit(protectBy(outer));
    this.handler = outer;
  }

  /** Begins the code of a handler: what was thrown is {@linkcode Machine.sent}. */
  handle(label: Label): void {
    this.mark(label);
    this.emit(protectBy(label.handler));
  }

  /** The statements that leave for `target`, through what is to be done on the way. */
  leave(target: Label): Node[] {
    return this.leaveFrom(this.contexts.length, target, this.handler);
  }

  private leaveFrom(depth: number, target: Label, handler: Label | null): Node[] {
    for (let i = depth - 1; i >= 0; i--) {
      const context = this.contexts[i]!;
      if (context.kind === "finally") return this.enter(context, target, null);
      if (context.kind === "closing") {
        return [
          ...this.protectCode(context.handler, handler),
          ...context.code(),
          ...this.leaveFrom(i, target, context.handler),
        ];
      }
      if (context.onBreak === target || context.onContinue === target) break;
    }
    return this.jumpCode(target, handler);
  }

  /** The statements that return `value` from the function. */
  returning(value: Node | null): Node[] {
    return this.returnFrom(this.contexts.length, value, this.handler);
  }

  private returnFrom(depth: number, value: Node | null, handler: Label | null): Node[] {
    for (let i = depth - 1; i >= 0; i--) {
      const context = this.contexts[i]!;
      if (context.kind === "finally") return this.enter(context, "return", value ?? nothing());
      if (context.kind === "closing") {
        const slot = value === null ? null : this.slot();
        return [
          ...(slot === null ? [] : [statement(assign(this.use(slot), value!))]),
          ...this.protectCode(context.handler, handler),
          ...context.code(),
          ...this.returnFrom(i, slot === null ? null : this.use(slot), context.handler),
        ];
      }
    }
    return [giveBack(value)];
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

  /** `try { body } finally { finalize }` */
  tryFinally(body: () => void, finalize: () => void): void {
    const thrown = this.label();
    const context = {
      kind: "finally" as const,
      entry: this.label(),
      next: this.slot(),
      value: this.slot(),
      handler: this.handler,
      after: this.label(),
      landings: [],
    };
    this.contexts.push(context);
    this.protect(thrown, body);
    this.contexts.pop();
    this.do(() => this.enter(context, context.after, null));
    this.handle(thrown);
    this.do(() => this.enter(context, "throw", this.sent()));
    this.mark(context.entry);
    this.emit(protectBy(context.handler));
    finalize();
    this.land(context);
    this.mark(context.after);
  }

  /** Emits statements that jump. */
  do(code: () => Node[]): void {
    if (this.ended) return;
    for (const node of code()) this.emit(node);
    this.current.ended = true;
  }

  /** The statements that run a `finally` and go on behind it with `key`. */
  enter(
    context: Extract<Context, { kind: "finally" }>,
    key: Landing["key"],
    value: Node | null,
  ): Node[] {
    let landing = context.landings.find((each) => each.key === key);
    if (landing === undefined) {
      // Behind a `finally` that has run through there is no more to leave.
      const direct = key === context.after;
      landing = {
        key,
        label: direct ? context.after : this.label(context.handler),
        sets: [],
        keeps: [],
      };
      context.landings.push(landing);
    }
    const code: Node[] = [];
    if (value !== null) {
      const keep = statement(assign(this.use(context.value), value));
      landing.keeps.push(keep);
      code.push(keep);
    }
    const set = assign(this.use(context.next), reference(landing.label));
    landing.sets.push(set);
    code.push(statement(set));
    return [...code, ...this.jumpCode(context.entry)];
  }

  /** The code behind a `finally`: one place for each way of having come. The context is not in force any more. */
  land({ landings, next, value, after }: Extract<Context, { kind: "finally" }>): void {
    const thrown = landings.find(({ key }) => key === "throw");
    const normal = landings.find(({ key }) => key === after);
    if (thrown !== undefined && landings.length === (normal === undefined ? 1 : 2)) {
      // Only two ways: what was thrown, in a box, is thrown on, or there is nothing to do.
      for (const { sets, keeps, label, key } of landings) {
        label.uses -= sets.length;
        for (const set of sets) {
          set.right = key === "throw"
            ? { type: "ArrayExpression", elements: [this.sent()] }
            : literal(0);
        }
        for (const keep of keeps) {
          keep.type = "EmptyStatement";
          delete keep["expression"];
        }
      }
      const box = element(this.use(next), literal(0));
      if (!this.ended) this.emit(when(this.use(next), block([raise(box)])));
      return;
    }
    if (!this.ended) this.end({ type: "Dispatch", value: this.use(next) });
    for (const { key, label } of landings) {
      if (key === after) continue;
      this.mark(label);
      const outcome = this.use(value);
      if (key === "throw") this.end(raise(outcome));
      else this.do(() => key === "return" ? this.returning(outcome) : this.leave(key));
    }
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
