import { CancelledError, RuntimeError } from "./errors.ts";
import { type EventLoop, LATELY } from "./loop.ts";
import { type Aborter, currentScope, getHost, type Signal } from "./platform.ts";
import type { Task } from "./task.ts";
import type { Wait } from "./wait_base.ts";

/**
 * What is cancelled as one: a task owns every call started in it, the body of a `timeout` or a
 * `taskGroup` owns the calls started in that body. A scope knows the waits parked in it and the
 * scopes inside it.
 */
export class Scope {
  /** The latest of the waits parked here; the others follow through `scopeNext`. */
  private latest: Wait | null = null;
  private inner: Scope[] | null = null;
  private ended = false;
  /** What few scopes need. */
  private rare: Rare | null = null;
  /** A cancel that found nothing waiting: the next await that suspends throws it. */
  private owed: CancelledError | null = null;
  /**
   * The step of the loop with which the debt lapses, or -1: a call that cancels its own task while others of
   * the task wait owes it to itself only.
   */
  private lapses = -1;
  /** The loop's epoch in which something here last went on. */
  resumedIn = -Infinity;

  constructor(
    readonly loop: EventLoop,
    readonly task: Task<unknown>,
    readonly parent: Scope | null,
  ) {
    this.rejoin();
  }

  add(wait: Wait): void {
    const latest = this.latest;
    wait.scopeNext = latest;
    if (latest !== null) latest.scopePrev = wait;
    this.latest = wait;
    if (this.ended) this.rejoin();
  }

  remove(wait: Wait): void {
    const { scopePrev, scopeNext } = wait;
    if (scopePrev !== null) scopePrev.scopeNext = scopeNext;
    else if (this.latest === wait) this.latest = scopeNext;
    else return;
    if (scopeNext !== null) scopeNext.scopePrev = scopePrev;
    wait.scopeNext = wait.scopePrev = null;
    if (this.ended) this.leave();
  }

  /** Whether nothing waits here, nor in the scopes inside. */
  get quiet(): boolean {
    return this.latest === null && (this.inner === null || this.inner.every((each) => each.quiet));
  }

  /** What waits here and in the scopes inside, the longest waiting first. */
  parked(): Wait[] {
    const waits: Wait[] = [];
    for (let wait = this.latest; wait !== null; wait = wait.scopeNext) waits.push(wait);
    waits.reverse();
    if (this.inner !== null) { for (const scope of this.inner) waits.push(...scope.parked()); }
    return waits;
  }

  /**
   * Makes everything that waits here throw a `CancelledError`. Where nothing waits, or where the
   * caller itself runs in this scope, the next await that suspends throws it.
   *
   * @returns Whether something waited.
   */
  deliver(message: string | undefined): boolean {
    let reached = false;
    for (const wait of this.parked()) {
      if (wait.cancel(message)) reached = true;
    }
    const running = currentScope();
    const self = running !== null && running.within(this);
    const error = new CancelledError(message);
    const aborted = this.abort(error);
    if (self || !reached) {
      if (this.owed === null) this.task.debts++;
      this.owed = error;
      this.lapses = self && reached ? this.loop.steps : -1;
      // A foreign promise that was handed our signal ends by it. The cancel must then not be thrown
      // a second time, into the cleanup; but it must not be lost either where that promise was done.
      if (aborted && !self && !this.justResumed()) this.rarely().abortedAt = this.loop.time();
    }
    return reached;
  }

  /** Whether something here went on so lately that its callers may not have heard of it. */
  justResumed(): boolean {
    return this.loop.epoch - this.resumedIn <= LATELY;
  }

  /** Passes on to its task what it still owes. */
  bequeath(): void {
    const { owed, parent } = this;
    const lapses = this.lapses >= 0;
    if (owed === null || parent === null) return;
    this.forgive();
    if (lapses) return;
    for (let each: Scope | null = parent; each !== null; each = each.parent) {
      if (each.lapses >= 0) each.forgive();
    }
    const { scope } = this.task;
    if (scope.owed === null) this.task.debts++;
    scope.owed = owed;
    scope.lapses = -1;
  }

  /** The error that the await which is about to suspend has to throw instead. */
  takeOwed(): CancelledError | null {
    if (this.task.debts === 0) return null;
    const error = this.owed;
    if (error === null) return this.parent === null ? null : this.parent.takeOwed();
    if (this.lapses >= 0 && this.lapses !== this.loop.steps) {
      this.forgive();
      return this.parent === null ? null : this.parent.takeOwed();
    }
    const reached = this.loop.time() - (this.rare?.abortedAt ?? -Infinity) <= GRACE;
    this.forgive();
    return reached ? null : error;
  }

  /** Forgets what is owed here and inside: the cancellation was taken back. */
  forgiveAll(): void {
    this.forgive();
    for (let wait = this.latest; wait !== null; wait = wait.scopeNext) wait.mustCancel = false;
    if (this.inner !== null) { for (const scope of this.inner) scope.forgiveAll(); }
  }

  /** The body has ended. Calls that it left waiting stay with the task. */
  end(): void {
    this.forgive();
    this.ended = true;
    const owned = this.rare?.owned.splice(0);
    if (owned !== undefined) { for (const resource of owned) resource.close(); }
    this.leave();
  }

  /** The body is left to itself while it awaits something foreign; what is owed meets it there. */
  leaveOwing(error: CancelledError): void {
    this.ended = true;
    if (this.owed === null) this.task.debts++;
    this.owed = error;
    this.lapses = -1;
  }

  /** Closes `resource` when the body ends. */
  own(resource: { close(): void }): void {
    if (this.ended) resource.close();
    else this.rarely().owned.push(resource);
  }

  /** `resource` was closed already. */
  disown(resource: { close(): void }): void {
    const owned = this.rare?.owned;
    const place = owned?.indexOf(resource) ?? -1;
    if (place >= 0) owned?.splice(place, 1);
  }

  within(scope: Scope): boolean {
    return this === scope || (this.parent !== null && this.parent.within(scope));
  }

  /** A signal that aborts when this scope is cancelled. */
  get signal(): Signal {
    const rare = this.rarely();
    if (rare.aborter === null) {
      const { newAborter } = getHost();
      if (newAborter === undefined) throw new RuntimeError("This target has no AbortSignal");
      rare.aborter = newAborter();
      if (this.owed !== null) rare.aborter.abort(this.owed);
    }
    return rare.aborter.signal;
  }

  /** Aborts the signals handed out here and inside; later ones are fresh. */
  private abort(error: CancelledError): boolean {
    const aborter = this.rare?.aborter ?? null;
    let aborted = aborter !== null;
    if (this.inner !== null) {
      for (const scope of this.inner) if (scope.abort(error)) aborted = true;
    }
    if (aborter !== null) {
      this.rarely().aborter = null;
      aborter.abort(error);
    }
    return aborted;
  }

  private forgive(): void {
    if (this.owed === null) return;
    this.owed = null;
    this.lapses = -1;
    if (this.rare !== null) this.rare.abortedAt = -Infinity;
    this.task.debts--;
  }

  private rarely(): Rare {
    return this.rare ??= { owned: [], aborter: null, abortedAt: -Infinity };
  }

  /**
   * Lets the scopes around know of it: at first, and when a call that outlived its body waits again.
   */
  private rejoin(): void {
    const { parent } = this;
    if (parent === null) return;
    const inner = parent.inner ??= [];
    if (!inner.includes(this)) inner.push(this);
    if (parent.ended) parent.rejoin();
  }

  private leave(): void {
    if (this.latest !== null || (this.inner !== null && this.inner.length > 0)) return;
    const parent = this.parent;
    if (parent === null || parent.inner === null) return;
    const place = parent.inner.indexOf(this);
    if (place >= 0) parent.inner.splice(place, 1);
    if (parent.ended) parent.leave();
  }
}

interface Rare {
  /** What was opened here and has to be closed when the body ends. */
  readonly owned: { close(): void }[];
  aborter: Aborter | null;
  /** When a signal was aborted to cancel what awaits a foreign promise. */
  abortedAt: number;
}

/**
 * How long after an abort, in milliseconds, an await that suspends is taken for the cleanup of what was
 * aborted: engines tell the awaiter within a few.
 */
const GRACE = 20;

/** The scope of the caller; `action` names the call in the error where there is none. */
export function requireScope(action: string): Scope {
  const scope = currentScope();
  if (scope === null) {
    throw new RuntimeError(
      `Cannot call ${action} outside a task: hand the function itself to run(), createTask() or ` +
        `loop.runUntilComplete() instead of its result`,
    );
  }
  return scope;
}
