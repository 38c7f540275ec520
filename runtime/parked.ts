import { WaitList } from "./ready.ts";
import type { Scope } from "./scope.ts";
import { Wait } from "./wait_base.ts";

/** What sets the waits of one kind of call apart: `lock.acquire()`, `queue.get()`, ... */
export interface LineKind<O> {
  /** For messages. */
  readonly what: string;
  /** A wait has left the owner's line before it was woken. */
  left?(owner: O): void;
  /** It was woken, but is cancelled before it ran: hand on what it was given. */
  giveBack?(owner: O): void;
  /** Takes what it was woken for; `false` where somebody else has, and it is parked again. */
  claim?(owner: O, wait: Parked<unknown>): boolean;
}

/** Where waits of one kind stand: at a lock, on an event, for a queue's items. */
export class Line<W extends Parked<unknown>, O> extends WaitList<W> implements Place {
  constructor(private readonly kind: LineKind<O>, private readonly owner: O) {
    super();
  }

  get what(): string {
    return this.kind.what;
  }

  leave(wait: W): void {
    this.remove(wait);
    this.kind.left?.(this.owner);
  }

  giveBack(): void {
    this.kind.giveBack?.(this.owner);
  }

  claim(wait: W): boolean {
    const { kind } = this;
    return kind.claim === undefined || kind.claim(this.owner, wait);
  }
}

/** Where a wait stands, and what becomes of it there. */
export interface Place {
  readonly what: string;
  leave(wait: Parked<unknown>): void;
  giveBack(): void;
  claim(wait: Parked<unknown>): boolean;
}

/**
 * A wait in a line of its owner's: a lock, an event, a queue. One class serves them all, with what sets them
 * apart in a table beside: the loop then steps objects of one shape, which takes V8 a third less time than a
 * subclass for each.
 */
export class Parked<T> extends Wait<T> {
  declare private readonly place: Place;

  /** @param item What it brings, for example the item of `queue.put()`. */
  constructor(scope: Scope, place: Place, item?: unknown) {
    super(scope);
    this.place = place;
    this.value = item;
  }

  protected override unpark(): void {
    this.place.leave(this as Parked<unknown>);
  }

  protected override giveBack(): void {
    this.place.giveBack();
  }

  protected override claim(): boolean {
    return this.place.claim(this as Parked<unknown>);
  }

  override describe(): string {
    return this.place.what;
  }
}
