/**
 * The state machine that an async function becomes: code between two awaits, labels, jumps, and what a jump has to
 * do on its way out of `try`.
 *
 * @module
 */

import {
  assign,
  binary,
  block,
  giveBack,
  id,
  literal,
  member,
  type Node,
  nothing,
  raise,
  statement,
  when,
} from "./ast.ts";

/** States below 0, as the driver knows them. */
const DONE = -1;
const YIELDED = -6;

/** Where code can go on. */
export interface Label {
  /** The label of the handler that is in force there; `null` outside `try`. */
  readonly handler: Label | null;
  /** How often it is jumped to. */
  uses: number;
  /** Where it is, once it is known. */
  block: Block | null;
}

/** Code that runs without coming back from a suspension. */
interface Block {
  readonly labels: Label[];
  readonly body: Node[];
  /** Whether the code behind its last statement cannot be reached. */
  ended: boolean;
  state: number;
}

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

  /** @param self The name of the step's parameter. */
  constructor(
    readonly self: string,
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

  /** The handler outside the `try` that is being compiled. */
  outerHandler(): Label | null {
    return this.handler === null ? null : this.handler.handler;
  }

  emit(node: Node): void {
    if (this.ended) return;
    const { body } = this.current;
    // Of two handlers in a row the second counts.
    if (node.protects !== undefined && body.at(-1)?.protects !== undefined) {
      const before = body.pop()!.protects as Label | null;
      if (before !== null) before.uses--;
    }
    body.push(node);
  }

  /** Emits a statement behind which nothing goes on. */
  end(node: Node): void {
    this.emit(node);
    this.current.ended = true;
  }

  /** A label in the region of the handler that is in force. */
  label(handler: Label | null = this.handler): Label {
    return { handler, uses: 0, block: null };
  }

  /** The next code is what `label` means. */
  mark(label: Label): void {
    if (!this.ended && label.handler !== this.handler) this.emit(this.setHandler(label.handler));
    this.handler = label.handler;
    if (this.current.ended || this.current.body.length > 0) this.blocks.push(newBlock());
    label.block = this.current;
    this.current.labels.push(label);
  }

  /** `s.at = label` */
  private setState(label: Label): Node {
    label.uses++;
    return statement(assign(this.field("at"), { type: "LabelReference", label }));
  }

  private setHandler(label: Label | null): Node {
    if (label !== null) label.uses++;
    const value: Node = label === null ? literal(0) : { type: "LabelReference", label };
    return { ...statement(assign(this.field("h"), value)), protects: label };
  }

  /** The statements of a jump, for use in any statement that is not a loop of its own. */
  jumpCode(label: Label, handler: Label | null = this.handler): Node[] {
    const code = label.handler === handler ? [] : [this.setHandler(label.handler)];
    return [...code, this.setState(label), { type: "ContinueStatement", label: null }];
  }

  jump(label: Label): void {
    this.do(() => this.jumpCode(label));
  }

  jumpIf(test: Node, label: Label): void {
    if (!this.ended) this.emit(when(test, block(this.jumpCode(label))));
  }

  /** The same through what is to be done on the way. */
  leaveIf(test: Node, label: Label): void {
    if (!this.ended) this.emit(when(test, block(this.leave(label))));
  }

  /** Suspends until `value` is there; what it gives is {@linkcode Machine.sent}. */
  await(value: Node, like?: Node): void {
    if (this.ended) return;
    this.awaits++;
    const next = this.label();
    this.emit(this.setState(next));
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
    next.uses++;
    this.emit(statement(assign(this.field("k"), { type: "LabelReference", label: next })));
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
    if (!this.ended) this.emit(this.setHandler(handler));
    this.handler = handler;
    body();
    // Code that falls out of the region leaves it.
    if (!this.ended) this.emit(this.setHandler(outer));
    this.handler = outer;
  }

  /** Begins the code of a handler: what was thrown is {@linkcode Machine.sent}. */
  handle(label: Label): void {
    this.mark(label);
    this.emit(this.setHandler(label.handler));
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
        const code = context.handler === handler ? [] : [this.setHandler(context.handler)];
        return [...code, ...context.code(), ...this.leaveFrom(i, target, context.handler)];
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
          ...(context.handler === handler ? [] : [this.setHandler(context.handler)]),
          ...context.code(),
          ...this.returnFrom(i, slot === null ? null : this.use(slot), context.handler),
        ];
      }
    }
    return this.finish(value);
  }

  private finish(value: Node | null): Node[] {
    return [statement(assign(this.field("at"), literal(DONE))), giveBack(value)];
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
      landing = { key, label: direct ? context.after : this.label(context.handler) };
      context.landings.push(landing);
    }
    landing.label.uses++;
    const code: Node[] = [];
    if (value !== null) code.push(statement(assign(this.use(context.value), value)));
    const next: Node = { type: "LabelReference", label: landing.label };
    code.push(statement(assign(this.use(context.next), next)));
    return [...code, ...this.jumpCode(context.entry)];
  }

  /** The code behind a `finally`: one place for each way of having come. The context is not in force any more. */
  land({ landings, next, value, after }: Extract<Context, { kind: "finally" }>): void {
    if (!this.ended) {
      this.emit(statement(assign(this.field("at"), this.use(next))));
      this.end({ type: "ContinueStatement", label: null });
    }
    for (const { key, label } of landings) {
      if (key === after) continue;
      this.mark(label);
      const outcome = this.use(value);
      if (key === "throw") this.end(raise(outcome));
      else this.do(() => key === "return" ? this.returning(outcome) : this.leave(key));
    }
  }

  /** The step's body. */
  build(): Node[] {
    this.do(() => this.finish(null));
    return assemble(this.blocks, id(this.self));
  }

  /** The code of each block, to see what is used where. */
  segments(): readonly (readonly Node[])[] {
    const segments: Node[][] = [];
    for (const { labels, body } of this.blocks) {
      const entered = labels.some(({ uses }) => uses > 0);
      if (segments.length === 0 || entered) segments.push([...body]);
      else segments[segments.length - 1]!.push(...body);
    }
    return segments;
  }
}

function newBlock(): Block {
  return { labels: [], body: [], ended: false, state: -1 };
}

/** One `switch` over the blocks that are jumped to, in a loop where one of them jumps. */
function assemble(blocks: readonly Block[], self: Node): Node[] {
  let states = 0;
  const cases: { readonly state: number; readonly body: Node[] }[] = [];
  let reachable = true;
  blocks.forEach((each, i) => {
    const entered = i === 0 || each.labels.some(({ uses }) => uses > 0);
    if (!entered && !reachable) return;
    if (entered) {
      each.state = states++;
      cases.push({ state: each.state, body: [...each.body] });
    } else {
      each.state = states - 1;
      cases[cases.length - 1]!.body.push(...each.body);
    }
    reachable = !each.ended;
  });
  if (cases.length === 1) return cases[0]!.body;
  const choice: Node = {
    type: "SwitchStatement",
    discriminant: member(self, "at"),
    cases: cases.map(({ state, body }) => ({
      type: "SwitchCase",
      test: literal(state),
      consequent: body,
    })),
  };
  const jumps = cases.some(({ body }) => body.some(hasJump));
  if (!jumps) return [choice];
  return [{ type: "ForStatement", init: null, test: null, update: null, body: choice }];
}

/** Whether a statement jumps to another state; loops of its own have jumps of their own. */
function hasJump(node: Node): boolean {
  if (node.type === "ContinueStatement") return true;
  if (/Function|^(For|While|DoWhile)/.test(node.type) || /Expression/.test(node.type)) return false;
  for (const key in node) {
    const value = node[key];
    for (const each of Array.isArray(value) ? value : [value]) {
      if (typeof each?.type === "string" && hasJump(each)) return true;
    }
  }
  return false;
}

/** `a === b` */
export function same(a: Node, b: Node): Node {
  return binary("===", a, b);
}
